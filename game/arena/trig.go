package arena

// quarter is round(sin(i·π/128)·16384) for i in 0..64: a quarter of a turn. It is
// written out, so that every build and every language has the same integers.
var quarter = [65]int32{
	0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370, 4756,
	5139, 5520, 5897, 6270, 6639, 7005, 7366, 7723, 8076, 8423, 8765, 9102, 9434,
	9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406, 12665, 12916, 13160,
	13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978, 15137, 15286, 15426, 15557,
	15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261, 16305, 16340, 16364, 16379, 16384,
}

// Sin is the sine of an angle of 256 a turn, times 16384.
func Sin(a uint8) int32 {
	switch i := int(a & 63); a >> 6 {
	case 0:
		return quarter[i]
	case 1:
		return quarter[64-i]
	case 2:
		return -quarter[i]
	default:
		return -quarter[64-i]
	}
}

// Cos is the cosine of an angle of 256 a turn, times 16384.
func Cos(a uint8) int32 { return Sin(a + 64) }

// root is the whole part of the square root of n, which is not negative.
func root(n int32) int32 {
	if n < 2 {
		return n
	}
	r := n
	for next := (n + 1) / 2; next < r; next = (r + n/r) / 2 {
		r = next
	}
	return r
}
