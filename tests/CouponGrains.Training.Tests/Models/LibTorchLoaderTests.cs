using CouponGrains.Training.Models;
using TorchSharp;

namespace CouponGrains.Training.Tests.Models;

public sealed class LibTorchLoaderTests
{
    [Fact]
    public void Torch_runs_after_ensure_however_often_it_is_called()
    {
        LibTorchLoader.Ensure();
        LibTorchLoader.Ensure();
        using var sum = (torch.ones(3) * 2).sum();
        Assert.Equal(6f, sum.item<float>());
    }

    [Fact]
    public void Weakening_replaces_a_link_by_an_edited_copy_and_leaves_its_target_alone()
    {
        var folder = Directory.CreateTempSubdirectory("elf");
        try
        {
            var target = Path.Combine(folder.FullName, "target.so");
            var image = LibraryWithNeed();
            File.WriteAllBytes(target, image);
            var link = Path.Combine(folder.FullName, "link.so");
            File.CreateSymbolicLink(link, target);

            Assert.True(LibTorchLoader.WeakenFile(link));
            Assert.Null(new FileInfo(link).LinkTarget);
            Assert.Equal(image, File.ReadAllBytes(target));
            var edited = File.ReadAllBytes(link);
            Assert.Equal(Enumerable.Range(0, image.Length).Where(i => edited[i] != image[i]), [NeedFlags]);
            Assert.Equal(2, edited[NeedFlags]);

            Assert.False(LibTorchLoader.WeakenFile(link));
            Assert.Equal(2, folder.GetFiles().Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Files_that_are_no_such_library_are_left_alone()
    {
        Assert.False(ElfVersionNeed.Weaken("hello"u8.ToArray(), "GLIBCXX_3.4.32"));
        Assert.False(ElfVersionNeed.Weaken(new byte[200], "GLIBCXX_3.4.32"));
        Assert.False(ElfVersionNeed.Weaken(LibraryWithNeed(), "GLIBCXX_9.9.99"));
    }

    private const int NeedFlags = 64 + 16 + 16 + 4;

    // The smallest ELF file with a .gnu.version_r: header, one need with two versions, their names, two section
    // headers.
    private static byte[] LibraryWithNeed()
    {
        var image = new byte[400];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(image);
        const int Need = 64, Names = 128, Sections = 200;
        BitConverter.TryWriteBytes(image.AsSpan(0x28), (long)Sections);
        BitConverter.TryWriteBytes(image.AsSpan(0x3a), (ushort)64);
        BitConverter.TryWriteBytes(image.AsSpan(0x3c), (ushort)2);
        BitConverter.TryWriteBytes(image.AsSpan(Need + 8), 16);       // vn_aux
        BitConverter.TryWriteBytes(image.AsSpan(Need + 16 + 8), 0);   // first vernaux: name at 0
        BitConverter.TryWriteBytes(image.AsSpan(Need + 16 + 12), 16); // and one more
        BitConverter.TryWriteBytes(image.AsSpan(Need + 32 + 8), 12);  // second vernaux: name at 12
        "GLIBC_2.2.5\0GLIBCXX_3.4.32\0"u8.CopyTo(image.AsSpan(Names));
        BitConverter.TryWriteBytes(image.AsSpan(Sections + 4), 0x6ffffffe);
        BitConverter.TryWriteBytes(image.AsSpan(Sections + 0x18), (long)Need);
        BitConverter.TryWriteBytes(image.AsSpan(Sections + 0x28), 1);
        BitConverter.TryWriteBytes(image.AsSpan(Sections + 64 + 0x18), (long)Names);
        return image;
    }
}
