using CouponGrains.Domain.Audit;

namespace CouponGrains.Domain.Catalog;

/// <summary>An item that the shop sells.</summary>
public sealed record Item
{
    /// <summary>The shop's id.</summary>
    public required ItemId Id { get; init; }

    /// <summary>A name for people; the id until the catalog tells more.</summary>
    public string Title { get; init; } = "";

    /// <summary>From the widest category to the narrowest, for example <c>GROCERY, SOFT DRINKS, COLA</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The brand, or null.</summary>
    public string? Brand { get; init; }

    /// <summary>The price of one piece, or null while unknown.</summary>
    public Money? Price { get; init; }

    /// <summary>The share of the price that is margin, in ten-thousandths, or null while unknown.</summary>
    public int? MarginBasisPoints { get; init; }

    /// <summary>Pieces in stock; null means that stock is not counted.</summary>
    public int? Stock { get; init; }

    /// <summary>Anything else worth knowing, by name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>False while the item is known from an event alone.</summary>
    public bool Described { get; init; } = true;

    /// <summary>The item as first seen in an event.</summary>
    public static Item FirstSeen(ItemId id) => new() { Id = id, Title = id.Value, Described = false };
}

/// <summary>Which items are accepted into the catalog.</summary>
public static class ItemRules
{
    /// <summary>The longest category, brand, or name or value of an attribute, in characters.</summary>
    public const int NameLengthMax = 256;

    /// <summary>The first rule that <paramref name="item"/> breaks, or null. Pointers are relative to the
    /// item.</summary>
    public static Refusal? Check(Item item)
    {
        if (item.Price is { Minor: < 0 })
        {
            return new(RefusalCodes.NegativePrice, $"The price must not be negative, but was {item.Price}.", "/price");
        }

        if (item.MarginBasisPoints is < -100_000 or > 10_000)
        {
            return new(RefusalCodes.InvalidValue, "The margin must be at most the whole price (10000 basis points).",
                "/marginBasisPoints");
        }

        if (item.Stock is < 0)
        {
            return new(RefusalCodes.InvalidValue, "The stock must not be negative.", "/stock");
        }

        if (item.Categories.Any(c => !IsName(c)) || (item.Brand is { } brand && !IsName(brand))
            || item.Attributes.Any(a => !IsName(a.Key) || a.Value is null or { Length: > NameLengthMax }))
        {
            return new(RefusalCodes.InvalidValue,
                $"Categories, brand and attributes have 1 to {NameLengthMax} characters each.", "/categories");
        }

        return item.Categories.Count > 8 || item.Attributes.Count > 64 || item.Title.Length > 512
            ? new(RefusalCodes.InvalidValue,
                "An item has at most 8 categories, 64 attributes and a title of 512 characters.")
            : null;
    }

    private static bool IsName(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= NameLengthMax;
}

/// <summary>Where items are kept.</summary>
public interface ICatalogStore
{
    /// <summary>Creates or replaces items, and records what is given to be recorded, all in one transaction.</summary>
    Task Put(IReadOnlyList<Item> items, CancellationToken cancel, AuditEntry? audit = null);

    /// <summary>The items that exist among <paramref name="ids"/>, in no promised order.</summary>
    Task<IReadOnlyList<Item>> Get(IReadOnlyCollection<ItemId> ids, CancellationToken cancel);

    /// <summary>All items in the order of their ids, streamed.</summary>
    IAsyncEnumerable<Item> ReadAll(CancellationToken cancel) => ReadAll(null, cancel);

    /// <summary>Items in the order of their ids, after <paramref name="after"/> (from the first if null),
    /// streamed.</summary>
    IAsyncEnumerable<Item> ReadAll(ItemId? after, CancellationToken cancel);

    /// <summary>A number that grows with every <see cref="Put"/> (not with items first seen in events), so that
    /// replicas know when to read again.</summary>
    Task<long> Stamp(CancellationToken cancel);

    /// <summary>Replaces what is known of new items, all in one transaction, and drops all that is known under other
    /// models than theirs. <paramref name="evidence"/> is of one model.</summary>
    Task PutEvidence(IReadOnlyList<ItemEvidence> evidence, CancellationToken cancel);

    /// <summary>What is known of an item under a model, or null.</summary>
    Task<ItemEvidence?> GetEvidence(ItemId item, ModelVersion model, CancellationToken cancel);

    /// <summary>All that is known of new items under a model, in the order of their ids, streamed.</summary>
    IAsyncEnumerable<ItemEvidence> ReadEvidence(ModelVersion model, CancellationToken cancel);

    /// <summary>A number that grows with every <see cref="PutEvidence"/>.</summary>
    Task<long> EvidenceStamp(CancellationToken cancel);
}

/// <summary>How the catalog is divided into shards.</summary>
public static class CatalogShards
{
    /// <summary>The number of catalog grains. Fixed: changing it moves items between grains.</summary>
    public const int Count = 64;

    /// <summary>The shard of an item: FNV-1a over its UTF-16 characters, the same on every machine.</summary>
    public static int Of(ItemId item)
    {
        var hash = 2_166_136_261u;
        foreach (var c in item.Value)
        {
            hash = unchecked((hash ^ c) * 16_777_619u);
        }

        return (int)(hash % Count);
    }
}
