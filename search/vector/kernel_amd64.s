//go:build !purego

#include "textflag.h"

DATA nibbles<>+0(SB)/8, $0x0302020102010100
DATA nibbles<>+8(SB)/8, $0x0403030203020201
DATA nibbles<>+16(SB)/8, $0x0302020102010100
DATA nibbles<>+24(SB)/8, $0x0403030203020201
GLOBL nibbles<>(SB), RODATA|NOPTR, $32

// The bits in which the 32 bytes at off(SI) differ from those in Y15, counted in
// each eight of them, to the quadwords of Y: by tables of nibbles (Muła, Kurz and
// Lemire, "Faster population counts using AVX2 instructions", 2018). Y10 is 0, Y13
// has the table and Y14 the lower nibbles set.
#define DIFFER(off, Y, T) \
	VPXOR   off(SI), Y15, Y \
	VPAND   Y14, Y, T       \
	VPSRLW  $4, Y, Y        \
	VPAND   Y14, Y, Y       \
	VPSHUFB T, Y13, T       \
	VPSHUFB Y, Y13, Y       \
	VPADDB  T, Y, Y         \
	VPSADBW Y10, Y, Y

// The distances of the codes at off(SI) and the three after it, one after the other,
// to the doublewords of X.
#define DISTANCES(off, Y, X) \
	DIFFER(off, Y, Y4)             \
	DIFFER(off+32, Y5, Y6)         \
	DIFFER(off+64, Y7, Y4)         \
	DIFFER(off+96, Y8, Y6)         \
	VPSLLQ       $32, Y5, Y5       \
	VPSLLQ       $32, Y8, Y8       \
	VPOR         Y5, Y, Y          \
	VPOR         Y8, Y7, Y7        \
	VPUNPCKLQDQ  Y7, Y, Y5         \
	VPUNPCKHQDQ  Y7, Y, Y          \
	VPADDD       Y5, Y, Y          \
	VEXTRACTI128 $1, Y, X5         \
	VPADDD       X5, X, X

// func near256AVX2(dst *uint32, codes *byte, n int, query *uint64, limit uint32) int
TEXT ·near256AVX2(SB), NOSPLIT, $0-48
	MOVQ         dst+0(FP), DI
	MOVQ         codes+8(FP), SI
	MOVQ         n+16(FP), R13
	MOVQ         query+24(FP), AX
	MOVL         limit+32(FP), R12
	VMOVDQU      (AX), Y15
	VMOVDQU      nibbles<>(SB), Y13
	MOVL         $0x0f0f0f0f, AX
	VMOVD        AX, X14
	VPBROADCASTD X14, Y14
	VPXOR        Y10, Y10, Y10
	VMOVD        R12, X12
	VPBROADCASTD X12, Y12
	MOVQ         DI, R14
	XORL         CX, CX

eight:
	DISTANCES(0, Y0, X0)
	DISTANCES(128, Y1, X1)
	VINSERTI128 $1, X1, Y0, Y0
	ADDQ        $256, SI
	VPCMPGTD    Y12, Y0, Y1
	VMOVMSKPS   Y1, AX
	CMPL        AX, $0xff
	JNE         some

next:
	ADDQ $8, CX
	CMPQ CX, R13
	JLT  eight
	SUBQ R14, DI
	SHRQ $2, DI
	MOVQ DI, ret+40(FP)
	VZEROUPPER
	RET

some:
	// The distances go to the upper halves. All eight are stored, then those within
	// the limit with their indexes over them: none is read after it is overwritten.
	XORL    $0xff, AX
	VPSLLD  $16, Y0, Y0
	VMOVDQU Y0, (DI)
	MOVQ    DI, R8

one:
	BSFL AX, DX
	MOVL (R8)(DX*4), BX
	ADDL CX, DX
	ORL  DX, BX
	MOVL BX, (DI)
	ADDQ $4, DI
	LEAL -1(AX), DX
	ANDL DX, AX
	JNZ  one
	JMP  next

// func nearPOPCNT(dst *uint32, codes *byte, n int, query *uint64, words int, limit uint32) int
TEXT ·nearPOPCNT(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ codes+8(FP), SI
	MOVQ n+16(FP), R13
	MOVQ query+24(FP), R8
	MOVQ words+32(FP), R9
	MOVL limit+40(FP), R12
	MOVQ DI, R14
	XORL CX, CX
	LEAQ (R8)(R9*8), R8 // words are counted up to their end
	LEAQ (SI)(R9*8), SI
	MOVQ R9, R10
	NEGQ R10

code:
	CMPQ    CX, R13
	JGE     end
	MOVQ    R10, DX
	XORL    AX, AX
	TESTQ   $1, DX
	JZ      words
	MOVQ    (SI)(DX*8), AX
	XORQ    (R8)(DX*8), AX
	POPCNTQ AX, AX
	ADDQ    $1, DX
	JZ      whole

words:
	MOVQ    (SI)(DX*8), BX
	MOVQ    8(SI)(DX*8), R11
	XORQ    (R8)(DX*8), BX
	XORQ    8(R8)(DX*8), R11
	POPCNTQ BX, BX
	POPCNTQ R11, R11
	ADDL    BX, AX
	ADDL    R11, AX
	ADDQ    $2, DX
	JNZ     words

whole:
	LEAQ    (SI)(R9*8), SI
	CMPL    AX, R12
	JHI     far
	SHLL    $16, AX
	ORL     CX, AX
	MOVL    AX, (DI)
	ADDQ    $4, DI

far:
	ADDQ $1, CX
	JMP  code

end:
	SUBQ R14, DI
	SHRQ $2, DI
	MOVQ DI, ret+48(FP)
	RET

// Sixteen products of the int8 at off(R8) and the int16 at 2·off(SI), added in
// pairs to the eight words of sum.
#define PRODUCTS(off, Y, sum) \
	VPMOVSXBW off(R8), Y          \
	VPMADDWD  (2*off)(SI), Y, Y   \
	VPADDD    Y, sum, sum

// func dotsAVX2(dst *int32, query *int16, records *byte, which *uint32, n, dims, stride int)
TEXT ·dotsAVX2(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ query+8(FP), R9
	MOVQ records+16(FP), R10
	MOVQ which+24(FP), R11
	MOVQ n+32(FP), R12
	MOVQ dims+40(FP), R13
	MOVQ stride+48(FP), R14
	XORL CX, CX

record:
	MOVL  (R11)(CX*4), R8
	IMULQ R14, R8
	ADDQ  R10, R8
	MOVQ  R9, SI
	MOVQ  R13, DX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

	// The record four further on is on its way from memory meanwhile.
	LEAQ  4(CX), BX
	CMPQ  BX, R12
	CMOVQGE CX, BX
	MOVL  (R11)(BX*4), BX
	IMULQ R14, BX
	ADDQ  R10, BX

sixty:
	PREFETCHT0 (BX)
	PRODUCTS(0, Y4, Y0)
	PRODUCTS(16, Y5, Y1)
	PRODUCTS(32, Y6, Y2)
	PRODUCTS(48, Y7, Y3)
	ADDQ $64, BX
	ADDQ $64, R8
	ADDQ $128, SI
	SUBQ $64, DX
	JNZ  sixty

	VPADDD       Y1, Y0, Y0
	VPADDD       Y3, Y2, Y2
	VPADDD       Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, (DI)(CX*4)
	ADDQ         $1, CX
	CMPQ         CX, R12
	JLT          record
	VZEROUPPER
	RET
