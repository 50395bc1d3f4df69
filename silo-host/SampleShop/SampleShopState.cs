using System.Text.Json;

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>How far the sample shop has come, kept beside the store. Every step can be done again without doing it
/// twice, so this only spares work; but the day that the shop was moved to must stay what it was.</summary>
internal sealed record SampleShopState
{
    /// <summary>By how many days the shop's dates are moved.</summary>
    public required int ShiftDays { get; init; }

    /// <summary>The steps that are done.</summary>
    public IReadOnlyList<string> Done { get; init; } = [];

    /// <summary>The state in a data folder, or null before the first step.</summary>
    public static SampleShopState? Read(string folder)
    {
        var path = PathIn(folder);
        return File.Exists(path) ? JsonSerializer.Deserialize<SampleShopState>(File.ReadAllText(path)) : null;
    }

    /// <summary>Writes the state durably: the old one or the new one is there after a kill, never half of
    /// one.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = PathIn(folder);
        var draft = path + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, this);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static string PathIn(string folder) => Path.Combine(folder, "sample-shop.json");
}
