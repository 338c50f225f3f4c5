//go:build !purego

#include "textflag.h"

// func greatestAVX2(x *float32, n int, top float32) float32
TEXT ·greatestAVX2(SB), NOSPLIT, $0-28
	MOVQ         x+0(FP), SI
	MOVQ         n+8(FP), CX
	VBROADCASTSS top+16(FP), Y0
	VMOVAPS      Y0, Y1
	SUBQ         $16, CX
	JLT          rest

two:
	VMAXPS (SI), Y0, Y0
	VMAXPS 32(SI), Y1, Y1
	ADDQ   $64, SI
	SUBQ   $16, CX
	JGE    two

rest:
	ADDQ   $16, CX
	JZ     fold
	VMAXPS (SI), Y0, Y0

fold:
	VMAXPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMAXPS       X1, X0, X0
	VMOVHLPS     X0, X0, X1
	VMAXPS       X1, X0, X0
	VMOVSHDUP    X0, X1
	VMAXSS       X1, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET

// func expSumAVX2(sums *[8]float32, x *float32, n int, top, scale float32, constants *float32)
TEXT ·expSumAVX2(SB), NOSPLIT, $0-40
	MOVQ         sums+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS top+24(FP), Y14
	VBROADCASTSS scale+28(FP), Y15
	MOVQ         constants+32(FP), DX
	VBROADCASTSS 4(DX), Y13         // lowest
	VBROADCASTSS 8(DX), Y12         // round
	VBROADCASTSS 12(DX), Y11        // coefficients, the highest first
	VBROADCASTSS 16(DX), Y10
	VBROADCASTSS 20(DX), Y9
	VBROADCASTSS 24(DX), Y8
	VBROADCASTSS 28(DX), Y7
	VBROADCASTSS 32(DX), Y6
	VMOVUPS      (DI), Y5

eight:
	VMOVUPS (SI), Y0
	VSUBPS  Y14, Y0, Y0
	VMULPS  Y15, Y0, Y0
	VMAXPS  Y0, Y13, Y0 // t; what is not a number stays so
	VADDPS  Y12, Y0, Y1 // n
	VSUBPS  Y12, Y1, Y2
	VSUBPS  Y2, Y0, Y0  // f
	VMULPS  Y11, Y0, Y3
	VADDPS  Y10, Y3, Y3
	VMULPS  Y0, Y3, Y3
	VADDPS  Y9, Y3, Y3
	VMULPS  Y0, Y3, Y3
	VADDPS  Y8, Y3, Y3
	VMULPS  Y0, Y3, Y3
	VADDPS  Y7, Y3, Y3
	VMULPS  Y0, Y3, Y3
	VADDPS  Y6, Y3, Y3
	VPSLLD  $23, Y1, Y1
	VPADDD  Y1, Y3, Y3
	VMOVUPS Y3, (SI)
	VADDPS  Y3, Y5, Y5
	ADDQ    $32, SI
	SUBQ    $8, CX
	JNZ     eight

	VMOVUPS Y5, (DI)
	VZEROUPPER
	RET
