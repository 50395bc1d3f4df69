using System.Buffers.Binary;
using System.Text;

namespace CouponGrains.Training.Models;

/// <summary>Edits the symbol versions that a shared library asks for: section <c>.gnu.version_r</c> of a 64-bit
/// little-endian ELF file, a chain of <c>Elf64_Verneed</c>, each with a chain of <c>Elf64_Vernaux</c>.</summary>
internal static class ElfVersionNeed
{
    private const uint SectionVersionNeed = 0x6ffffffe;
    private const ushort FlagWeak = 2;

    /// <summary>Marks every need for <paramref name="version"/> as weak: the dynamic loader then warns at most, where
    /// it would refuse. True if something changed; false if no such need is there, it is weak already, or this is no
    /// such ELF file.</summary>
    public static bool Weaken(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }

        var changed = false;
        var wanted = Encoding.ASCII.GetBytes(version + "\0");
        var sections = (int)U64(image, 0x28);
        var size = U16(image, 0x3a);
        for (var s = 0; s < U16(image, 0x3c); s++)
        {
            var header = sections + (s * size);
            if (U32(image, header + 4) == SectionVersionNeed)
            {
                var names = (int)U64(image, sections + ((int)U32(image, header + 0x28) * size) + 0x18);
                changed |= WeakenSection(image, (int)U64(image, header + 0x18), names, wanted);
            }
        }

        return changed;
    }

    private static bool WeakenSection(Span<byte> image, int start, int names, byte[] wanted)
    {
        var changed = false;
        for (int need = start, next = -1; next != 0; need += next)
        {
            for (int aux = need + (int)U32(image, need + 8), nextAux = -1; nextAux != 0; aux += nextAux)
            {
                var flags = U16(image, aux + 4);
                if ((flags & FlagWeak) == 0 && image[(names + (int)U32(image, aux + 8))..].StartsWith(wanted))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(aux + 4)..], (ushort)(flags | FlagWeak));
                    changed = true;
                }

                nextAux = (int)U32(image, aux + 12);
            }

            next = (int)U32(image, need + 12);
        }

        return changed;
    }

    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);

    private static ulong U64(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt64LittleEndian(image[at..]);
}
