using System.IO.Compression;
using System.Text;

namespace CouponGrains.Storage.Import;

/// <summary>An open file, plain or gzip (told by its first two bytes, not by its name), as text, that tells how far it
/// has been read.</summary>
public sealed class ImportFile : IDisposable
{
    private readonly FileStream _file;

    private ImportFile(FileStream file, TextReader text)
    {
        _file = file;
        Text = text;
    }

    /// <summary>The content, UTF-8.</summary>
    public TextReader Text { get; }

    /// <summary>The share of the file that has been read, 0 to 1.</summary>
    public double Share => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>Opens a file. Throws what opening a file throws.</summary>
    public static ImportFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        Stream content = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new(file, new StreamReader(content, Encoding.UTF8, true, 1 << 16));
    }

    /// <inheritdoc/>
    public void Dispose() => Text.Dispose();
}
