//go:build !purego

#include "textflag.h"

// The lanes of Y0 to all ones where the values at off(SI) are at least those in
// Y15: as unsigned words, where the greater of both is the value. AVX2 has only a
// signed comparison.
#define ATLEAST(off, Y) \
	VMOVDQU  off(SI), Y   \
	VPMAXUD  Y15, Y, Y14  \
	VPCMPEQD Y14, Y, Y

// The indexes of the set lanes of Y, which are base more than the lanes in Y13, to
// dst[AX]; AX counts them. What is written behind them comes from lanes of other
// rows, at most up to where this row's own indexes would be.
#define STORE(Y) \
	VMOVMSKPS Y, DX            \
	VPMOVZXBD (R8)(DX*8), Y14  \
	VPADDD    Y13, Y14, Y14    \
	VMOVDQU   Y14, (DI)(AX*4)  \
	POPCNTL   DX, DX           \
	ADDQ      DX, AX           \
	VPADDD    Y12, Y13, Y13

// func aboveAVX2(dst, values *uint32, n int, threshold uint32, lanes *[256]uint64) int
TEXT ·aboveAVX2(SB), NOSPLIT, $0-48
	MOVQ         dst+0(FP), DI
	MOVQ         values+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVL         threshold+24(FP), DX
	VMOVD        DX, X15
	VPBROADCASTD X15, Y15
	MOVQ         lanes+32(FP), R8
	VPXOR        Y13, Y13, Y13         // index of the row's first value
	VPCMPEQD     Y12, Y12, Y12
	VPSRLD       $31, Y12, Y12
	VPSLLD       $3, Y12, Y12          // 8 in each word
	VPSLLD       $2, Y12, Y11          // 32 in each word
	XORL         AX, AX

	// Four rows at once: mostly there is nothing in them.
	SUBQ $32, CX
	JLT  rest

four:
	ATLEAST(0, Y0)
	ATLEAST(32, Y1)
	ATLEAST(64, Y2)
	ATLEAST(96, Y3)
	ADDQ   $128, SI
	VPOR   Y0, Y1, Y4
	VPOR   Y2, Y3, Y5
	VPOR   Y4, Y5, Y4
	VPTEST Y4, Y4
	JNZ    store
	VPADDD Y11, Y13, Y13
	SUBQ   $32, CX
	JGE    four
	JMP    rest

store:
	STORE(Y0)
	STORE(Y1)
	STORE(Y2)
	STORE(Y3)
	SUBQ $32, CX
	JGE  four

rest:
	ADDQ $32, CX
	JZ   done

one:
	ATLEAST(0, Y0)
	STORE(Y0)
	ADDQ $32, SI
	SUBQ $8, CX
	JNZ  one

done:
	VZEROUPPER
	MOVQ AX, ret+40(FP)
	RET

// func searchAVX2(docs *[Block]uint32, target uint32) int
TEXT ·searchAVX2(SB), NOSPLIT, $0-24
	MOVQ         docs+0(FP), SI
	MOVL         target+8(FP), DX
	VMOVD        DX, X15
	VPBROADCASTD X15, Y15

	// Each of the words of Y0 and Y1 counts down the ids that are not less. Their
	// order does not matter, so nothing waits for anything.
#define COUNT(off, Y) \
	VMOVDQU  off(SI), Y4   \
	VPMAXUD  Y15, Y4, Y5   \
	VPCMPEQD Y4, Y5, Y4    \
	VPADDD   Y4, Y, Y
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	COUNT(0, Y0)
	COUNT(32, Y1)
	COUNT(64, Y0)
	COUNT(96, Y1)
	COUNT(128, Y0)
	COUNT(160, Y1)
	COUNT(192, Y0)
	COUNT(224, Y1)
	COUNT(256, Y0)
	COUNT(288, Y1)
	COUNT(320, Y0)
	COUNT(352, Y1)
	COUNT(384, Y0)
	COUNT(416, Y1)
	COUNT(448, Y0)
	COUNT(480, Y1)

	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4e, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xb1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, AX
	ADDL         $128, AX
	VZEROUPPER
	MOVQ         AX, ret+16(FP)
	RET
