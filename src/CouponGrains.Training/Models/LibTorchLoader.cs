using System.Runtime.InteropServices;
using System.Text;

namespace CouponGrains.Training.Models;

/// <summary>Makes libtorch loadable on systems whose libstdc++ is older than GCC 13 (Debian 12, Ubuntu 22.04); see
/// <c>docs/libtorch.md</c>. Call it before the first use of TorchSharp. Idempotent, safe in several threads and
/// processes.</summary>
public static class LibTorchLoader
{
    private const string Library = "libLibTorchSharp.so";
    private const string WantedVersion = "GLIBCXX_3.4.32";

    private static readonly Lazy<bool> Done = new(Prepare);

    /// <summary>Prepares the library in the program's folder where that is needed; otherwise does nothing. Throws
    /// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if the folder cannot be written
    /// although it must be.</summary>
    public static void Ensure() => _ = Done.Value;

    private static bool Prepare()
    {
        if (!OperatingSystem.IsLinux() || SystemHasVersion())
        {
            return false;
        }

        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, Library),
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", Library),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", Library),
        ];
        var changed = false;
        foreach (var path in places.Where(File.Exists))
        {
            changed |= WeakenFile(path);
        }

        return changed;
    }

    /// <summary>Replaces the file at <paramref name="path"/> by a copy in which the version need is weak. If it is a
    /// symbolic link, the link is replaced and what it points to (the package cache) stays as it is. The copy is
    /// renamed into place, so that no other process ever sees half of it.</summary>
    internal static bool WeakenFile(string path)
    {
        var image = File.ReadAllBytes(path);
        if (!ElfVersionNeed.Weaken(image, WantedVersion))
        {
            return false;
        }

        var copy = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(copy, image);
            File.Move(copy, path, overwrite: true);
        }
        finally
        {
            File.Delete(copy);
        }

        return true;
    }

    private static bool SystemHasVersion()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out _))
        {
            return false;
        }

        // The loader knows where it found the library; its version names stand as text in the file.
        var path = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? at : line.Length)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith("libstdc++.so", StringComparison.Ordinal));
        return path is not null
            && File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(WantedVersion + "\0")) >= 0;
    }
}
