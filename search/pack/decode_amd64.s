//go:build !purego

#include "textflag.h"

// func decodeAVX2(dst *[Block]uint32, packed *byte, c *control, n int, patches *byte, high, exceptions uint, prev uint32, deltas bool)
//
// Three passes over dst: unpack, patch and, for deltas, sum.
TEXT ·decodeAVX2(SB), NOSPLIT, $0-61
	MOVQ dst+0(FP), DI
	MOVQ packed+8(FP), SI
	MOVQ c+16(FP), AX
	MOVQ n+24(FP), R8
	ADDQ $7, R8
	SHRQ $3, R8           // rows of eight values

	VMOVDQU      (AX), Y12   // shuffle
	VMOVDQU      32(AX), Y13 // shift
	VPBROADCASTD 64(AX), Y14 // mask
	MOVL         68(AX), BX  // width: the bytes of a row
	MOVQ         BX, DX
	SHRQ         $1, DX      // where the upper half of a row starts
	MOVQ         DI, R10
	MOVQ         R8, R9

unpack:
	VMOVDQU     (SI), X0
	VINSERTI128 $1, (SI)(DX*1), Y0, Y0
	VPSHUFB     Y12, Y0, Y0 // to each word the bytes that its value is in
	VPSRLVD     Y13, Y0, Y0
	VPAND       Y14, Y0, Y0
	VMOVDQU     Y0, (R10)
	ADDQ        BX, SI
	ADDQ        $32, R10
	DECQ        R9
	JNZ         unpack

	MOVQ  exceptions+48(FP), R9
	TESTQ R9, R9
	JZ    patched
	MOVQ  patches+32(FP), SI
	MOVQ  high+40(FP), CX
	MOVL  $1, R13
	SHLQ  CX, R13
	DECQ  R13            // mask of a high part
	LEAQ  7(CX), R11     // bits of a patch
	XORL  R12, R12       // bit where the next one starts

patch:
	MOVQ R12, AX
	SHRQ $3, AX
	MOVQ (SI)(AX*1), DX
	MOVQ R12, CX
	ANDQ $7, CX
	SHRQ CX, DX
	MOVQ DX, AX
	ANDQ $127, AX          // index
	SHRQ $7, DX
	ANDQ R13, DX           // high part
	MOVQ BX, CX
	SHLL CX, DX
	ADDL DX, (DI)(AX*4)
	ADDQ R11, R12
	DECQ R9
	JNZ  patch

patched:
	MOVBLZX deltas+60(FP), AX
	TESTL   AX, AX
	JZ      done

	// What is summed within a row does not wait for the row before: only Y11, the
	// last id so far, does.
	MOVL         prev+56(FP), AX
	VMOVD        AX, X11
	VPBROADCASTD X11, Y11
	VPCMPEQD     Y10, Y10, Y10
	VPSRLD       $31, Y10, Y10 // ones

sum:
	VPADDD     (DI), Y10, Y0
	VPSLLDQ    $4, Y0, Y1
	VPADDD     Y1, Y0, Y0        // a, a+b, b+c, c+d in each half
	VPSLLDQ    $8, Y0, Y1
	VPADDD     Y1, Y0, Y0        // a, a+b, a+b+c, a+b+c+d in each half
	VPSHUFD    $0xff, Y0, Y1     // the total of each half in its own words,
	VPERM2I128 $0x08, Y1, Y1, Y2 // that of the lower half in the upper words,
	VPERMQ     $0x4e, Y1, Y3     // and that of the other half
	VPADDD     Y2, Y0, Y0
	VPADDD     Y3, Y1, Y1        // the total of the row
	VPADDD     Y11, Y0, Y0
	VPADDD     Y1, Y11, Y11
	VMOVDQU    Y0, (DI)
	ADDQ       $32, DI
	DECQ       R8
	JNZ        sum

done:
	VZEROUPPER
	RET

// func expandAVX2(dst *[Block]uint32, b *bitmap, rows, count int, lanes *[256]uint64)
//
// From the last row to the first, so that no value is overwritten before it is
// moved: there are never more of them below a row than values below it.
TEXT ·expandAVX2(SB), NOSPLIT, $0-40
	MOVQ     dst+0(FP), DI
	MOVQ     b+8(FP), SI
	MOVQ     rows+16(FP), R9
	MOVQ     count+24(FP), AX
	MOVQ     lanes+32(FP), R8
	VPCMPEQD Y15, Y15, Y15
	MOVQ     R9, R10
	SHLQ     $5, R10
	ADDQ     DI, R10 // behind the row

expand:
	MOVBLZX   -1(SI)(R9*1), DX
	POPCNTL   DX, CX
	SUBQ      CX, AX             // values below the row
	VPMOVSXBD (R8)(DX*8), Y0
	VPERMD    (DI)(AX*4), Y0, Y1 // to each set lane its value
	VPSUBD    Y15, Y1, Y1        // and 1
	VPSRAD    $31, Y0, Y0        // ones in the other lanes
	VPANDN    Y1, Y0, Y1
	VMOVDQU   Y1, -32(R10)
	SUBQ      $32, R10
	DECQ      R9
	JNZ       expand
	VZEROUPPER
	RET
