using System.Diagnostics;

namespace CouponGrains.Faults.Topology;

/// <summary>A small disk of its own: a file system (ext4) in a file. It fills up, and the kernel lets it only be read
/// once it finds an error, as it does with any disk. Only root may make one.</summary>
internal sealed class Disk(string folder) : IAsyncDisposable
{
    private const string Size = "256M";

    private readonly string _image = System.IO.Path.Combine(folder, "image");
    private readonly string _place = System.IO.Path.Combine(folder, "place");

    private bool _bound;
    private bool _mounted;

    /// <summary>The folder that is on it.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, "place", "disk");

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Why there can be none here, or null.</summary>
    public static async Task<string?> Obstacle()
    {
        var folder = Directory.CreateTempSubdirectory("coupongrains-disk-").FullName;
        try
        {
            await using var disk = new Disk(folder);
            await disk.Make();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Makes the file system and mounts it.</summary>
    public async Task Make()
    {
        Directory.CreateDirectory(_place);
        await Run("truncate", "-s", Size, _image);
        await Run("mkfs.ext4", "-q", "-F", "-m", "0", _image);
        // A process with a network of its own has a copy of all mounts. In a place that is shared its copy goes with
        // ours.
        await Run("mount", "--bind", _place, _place);
        _bound = true;
        await Run("mount", "--make-shared", _place);
        Directory.CreateDirectory(Path);
        await Mount();
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[1 << 20]; block.Length >= 4_096; block = new byte[block.Length / 4])
        {
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // No such piece is left; a smaller one may be.
            }
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Empty() => File.Delete(Ballast);

    /// <summary>The kernel is told that it found an error: the file system may only be read until it was
    /// mended.</summary>
    /// <remarks>What the kernel was writing when it finds an error, it may answer for and lose: 4 of 25 times a program
    /// of ten lines lost the last piece that <c>fdatasync</c> had told it was on the disk. No store can help that, so
    /// the file system stands still at that instant.</remarks>
    public async Task Fail()
    {
        var device = await Run("findmnt", "-n", "-o", "SOURCE", Path);
        await Run("fsfreeze", "-f", Path);
        await File.WriteAllTextAsync($"/sys/fs/ext4/{System.IO.Path.GetFileName(device.Trim())}/trigger_fs_error", "1");
        await Run("fsfreeze", "-u", Path);
    }

    /// <summary>Mends it, as one does after a disk's error. Nobody may have hold of it.</summary>
    public async Task Mend()
    {
        await Unmount();
        await Run(["e2fsck", "-f", "-y", _image], 0, 1); // 1: it was mended.
        await Mount();
    }

    /// <summary>Takes it away, even from who has hold of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await Run("umount", "-l", Path);
        }

        if (_bound)
        {
            await Run("umount", "-l", _place);
        }
    }

    private async Task Unmount()
    {
        await Run("umount", Path);
        _mounted = false;
    }

    private async Task Mount()
    {
        await Run("mount", "-o", "loop,errors=remount-ro", _image, Path);
        _mounted = true;
    }

    private static Task<string> Run(params string[] words) => Run(words, 0);

    /// <summary>Runs a program; answers what it wrote. Throws <see cref="InvalidOperationException"/> if its status is
    /// another than those.</summary>
    private static async Task<string> Run(string[] words, params int[] good)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The programs of an administrator are on no user's path.
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return good.Contains(process.ExitCode)
                ? output
                : throw new InvalidOperationException($"{string.Join(' ', words)}: {(await errors).Trim()}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{words[0]}: {e.Message}");
        }
    }
}
