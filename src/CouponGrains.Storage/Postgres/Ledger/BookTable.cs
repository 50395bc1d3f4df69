using System.Diagnostics.CodeAnalysis;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>A step asks for a row that was not read for its batch. Somebody else wrote meanwhile what leads to it, as a
/// coupon of a code that was free when the batch began to read: run again, the batch reads it. If that does not help it
/// is a fault of the program.</summary>
internal sealed class RowNotReadException(string table)
    : InvalidOperationException($"A row of {table} was not read for its batch.");

/// <summary>The rows of one table that a batch has read, with what it makes of them. A key that was asked for and has
/// no row is known not to have one; for a key that was not asked for it throws
/// <see cref="RowNotReadException"/>.</summary>
internal sealed class BookTable<TKey, TRow>(string name, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<TKey, TRow?> _rows = new(comparer);
    private readonly HashSet<TKey> _inserted = new(comparer);
    private readonly HashSet<TKey> _changed = new(comparer);

    /// <summary>Rows that are new, as they are in the end.</summary>
    public IReadOnlyList<TRow> Inserted => [.. _inserted.Select(key => _rows[key]!)];

    /// <summary>Rows that were read and are other now.</summary>
    public IReadOnlyList<TRow> Changed => [.. _changed.Select(key => _rows[key]!)];

    public IReadOnlyCollection<TKey> ChangedKeys => _changed;

    public IEnumerable<TRow> All => _rows.Values.OfType<TRow>();

    public void Ask(IEnumerable<TKey> keys)
    {
        foreach (var key in keys)
        {
            _rows.TryAdd(key, null);
        }
    }

    public void Read(TKey key, TRow row) => _rows[key] = row;

    public bool TryFind(TKey key, [NotNullWhen(true)] out TRow? row) => _rows.TryGetValue(key, out row) && row is not null;

    public TRow? Find(TKey key) => _rows.TryGetValue(key, out var row) ? row
        : throw new RowNotReadException(name);

    public TRow Require(TKey key) => Find(key) ?? throw new InvalidOperationException($"A row of {name} is missing.");

    public void Insert(TKey key, TRow row)
    {
        _rows[key] = row;
        _inserted.Add(key);
    }

    public void Update(TKey key, TRow row)
    {
        _rows[key] = row;
        if (!_inserted.Contains(key))
        {
            _changed.Add(key);
        }
    }
}
