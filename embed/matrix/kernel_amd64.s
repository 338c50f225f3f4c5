//go:build !purego

#include "textflag.h"

// One row of a tile: the value at off(SI), times the two vectors in Y12 and Y13,
// added to the sums L and R.
#define ROW(off, L, R) \
	VBROADCASTSS off(SI), Y14  \
	VMULPS       Y12, Y14, Y15 \
	VMULPS       Y13, Y14, Y14 \
	VADDPS       Y15, L, L     \
	VADDPS       Y14, R, R

#define STEP(a, b) \
	VMOVUPS b(BX), Y12      \
	VMOVUPS b+32(BX), Y13   \
	ROW(a+0, Y0, Y1)        \
	ROW(a+4, Y2, Y3)        \
	ROW(a+8, Y4, Y5)        \
	ROW(a+12, Y6, Y7)       \
	ROW(a+16, Y8, Y9)       \
	ROW(a+20, Y10, Y11)

// func multiplyAVX2(c *float32, stride int, a, b *float32, k int, add bool)
TEXT ·multiplyAVX2(SB), NOSPLIT, $0-41
	MOVQ c+0(FP), DI
	MOVQ stride+8(FP), DX
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), BX
	MOVQ k+32(FP), CX
	SHLQ $2, DX
	LEAQ (DX)(DX*2), R8   // three rows
	LEAQ (DI)(R8*1), R9   // the fourth row

	MOVBLZX add+40(FP), AX
	TESTL   AX, AX
	JZ      zero
	VMOVUPS (DI), Y0
	VMOVUPS 32(DI), Y1
	VMOVUPS (DI)(DX*1), Y2
	VMOVUPS 32(DI)(DX*1), Y3
	VMOVUPS (DI)(DX*2), Y4
	VMOVUPS 32(DI)(DX*2), Y5
	VMOVUPS (R9), Y6
	VMOVUPS 32(R9), Y7
	VMOVUPS (R9)(DX*1), Y8
	VMOVUPS 32(R9)(DX*1), Y9
	VMOVUPS (R9)(DX*2), Y10
	VMOVUPS 32(R9)(DX*2), Y11
	JMP     start

zero:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11

start:
	SUBQ $2, CX
	JLT  last

two:
	STEP(0, 0)
	STEP(24, 64)
	ADDQ $48, SI
	ADDQ $128, BX
	SUBQ $2, CX
	JGE  two

last:
	ADDQ $2, CX
	JZ   store
	STEP(0, 0)

store:
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, (DI)(DX*1)
	VMOVUPS Y3, 32(DI)(DX*1)
	VMOVUPS Y4, (DI)(DX*2)
	VMOVUPS Y5, 32(DI)(DX*2)
	VMOVUPS Y6, (R9)
	VMOVUPS Y7, 32(R9)
	VMOVUPS Y8, (R9)(DX*1)
	VMOVUPS Y9, 32(R9)(DX*1)
	VMOVUPS Y10, (R9)(DX*2)
	VMOVUPS Y11, 32(R9)(DX*2)
	VZEROUPPER
	RET

// func dotAVX2(a, b *float32, n int, masks *[16]int32) float32
TEXT ·dotAVX2(SB), NOSPLIT, $0-36
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), BX
	MOVQ n+16(FP), CX
	MOVQ masks+24(FP), DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	SUBQ $32, CX
	JLT  rest

four:
	VMOVUPS (SI), Y4
	VMOVUPS 32(SI), Y5
	VMOVUPS 64(SI), Y6
	VMOVUPS 96(SI), Y7
	VMULPS  (BX), Y4, Y4
	VMULPS  32(BX), Y5, Y5
	VMULPS  64(BX), Y6, Y6
	VMULPS  96(BX), Y7, Y7
	VADDPS  Y4, Y0, Y0
	VADDPS  Y5, Y1, Y1
	VADDPS  Y6, Y2, Y2
	VADDPS  Y7, Y3, Y3
	ADDQ    $128, SI
	ADDQ    $128, BX
	SUBQ    $32, CX
	JGE     four

	// Whole vectors go to the sums in turn, and so does the part of one behind
	// them: the lanes that its mask leaves out add 0.
rest:
	ADDQ    $32, CX
	JZ      fold
	CMPQ    CX, $8
	JLT     part0
	VMOVUPS (SI), Y4
	VMULPS  (BX), Y4, Y4
	VADDPS  Y4, Y0, Y0
	CMPQ    CX, $16
	JLT     part1
	VMOVUPS 32(SI), Y4
	VMULPS  32(BX), Y4, Y4
	VADDPS  Y4, Y1, Y1
	CMPQ    CX, $24
	JLT     part2
	VMOVUPS 64(SI), Y4
	VMULPS  64(BX), Y4, Y4
	VADDPS  Y4, Y2, Y2

#define PART(S) \
	MOVQ       CX, AX            \
	ANDQ       $7, AX            \
	SUBQ       AX, CX            \
	NEGQ       AX                \
	VMOVDQU    32(DX)(AX*4), Y6  \
	VMASKMOVPS (SI)(CX*4), Y6, Y4 \
	VMASKMOVPS (BX)(CX*4), Y6, Y5 \
	VMULPS     Y4, Y5, Y4        \
	VADDPS     Y4, S, S

	PART(Y3)
	JMP fold

part2:
	PART(Y2)
	JMP fold

part1:
	PART(Y1)
	JMP fold

part0:
	PART(Y0)

fold:
	VADDPS       Y1, Y0, Y0
	VADDPS       Y3, Y2, Y2
	VADDPS       Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVHLPS     X0, X0, X1
	VADDPS       X1, X0, X0
	VMOVSHDUP    X0, X1
	VADDSS       X1, X0, X0
	VMOVSS       X0, ret+32(FP)
	VZEROUPPER
	RET

// func axpyAVX2(y *float32, alpha float32, x *float32, n int)
TEXT ·axpyAVX2(SB), NOSPLIT, $0-32
	MOVQ         y+0(FP), DI
	VBROADCASTSS alpha+8(FP), Y15
	MOVQ         x+16(FP), SI
	MOVQ         n+24(FP), CX
	SUBQ         $32, CX
	JLT          rest

four:
	VMULPS  (SI), Y15, Y0
	VMULPS  32(SI), Y15, Y1
	VMULPS  64(SI), Y15, Y2
	VMULPS  96(SI), Y15, Y3
	VADDPS  (DI), Y0, Y0
	VADDPS  32(DI), Y1, Y1
	VADDPS  64(DI), Y2, Y2
	VADDPS  96(DI), Y3, Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     four

rest:
	ADDQ $32, CX
	JZ   done

one:
	VMULPS  (SI), Y15, Y0
	VADDPS  (DI), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     one

done:
	VZEROUPPER
	RET
