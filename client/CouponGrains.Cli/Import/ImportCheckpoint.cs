using System.Text.Json;

namespace CouponGrains.Cli.Import;

/// <summary>How far the import of a file came, in a file <c>FILE.progress</c> beside the list of refused rows, so that
/// a stopped import goes on. It counts only for the same file (length and time of writing) and the same map.</summary>
internal sealed class ImportCheckpoint
{
    private readonly string _path;
    private readonly string _source;

    private ImportCheckpoint(string path, string source, ImportCounts counts)
    {
        (_path, _source, Counts) = (path, source, counts);
    }

    /// <summary>The counts so far; <see cref="ImportCounts.Rows"/> rows are done.</summary>
    public ImportCounts Counts { get; }

    /// <summary>True if an earlier run came somewhere.</summary>
    public bool GoesOn { get; private init; }

    public static ImportCheckpoint Open(string file, string map, string folder)
    {
        var info = new FileInfo(file);
        var source = $"{info.Length} {info.LastWriteTimeUtc:O} {map}";
        var path = Path.Combine(folder, info.Name + ".progress");
        try
        {
            var saved = File.Exists(path) ? JsonSerializer.Deserialize<Saved>(File.ReadAllText(path)) : null;
            if (saved is not null && saved.Source == source)
            {
                return new(path, source, saved.Counts) { GoesOn = saved.Counts.Rows > 0 };
            }
        }
        catch (JsonException)
        {
            // A checkpoint cut short by a kill: start from the first row, nothing is recorded twice.
        }

        return new(path, source, new());
    }

    public void Save()
    {
        File.WriteAllText(_path + ".new", JsonSerializer.Serialize(new Saved(_source, Counts)));
        File.Move(_path + ".new", _path, overwrite: true);
    }

    public void Remove() => File.Delete(_path);

    private sealed record Saved(string Source, ImportCounts Counts);
}
