using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace CouponGrains.Domain.Profiles;

/// <summary>A map in one array, by key in ascending order. It is made for a million of them in one process, most with
/// few entries: an empty one holds no array, and a full one little more than its entries. A look takes O(log n), a new
/// key O(n).</summary>
internal sealed class SortedMap<TKey, TValue>(IComparer<TKey> order) : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private const int Least = 2;

    private KeyValuePair<TKey, TValue>[] _entries = [];

    /// <summary>One with these entries.</summary>
    internal SortedMap(IComparer<TKey> order, IReadOnlyCollection<KeyValuePair<TKey, TValue>> entries)
        : this(order)
    {
        if (entries.Count > 0)
        {
            _entries = [.. entries];
            Array.Sort(_entries, (a, b) => order.Compare(a.Key, b.Key));
            Count = _entries.Length;
        }
    }

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => this.Select(entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => this.Select(entry => entry.Value);

    /// <summary>The entries.</summary>
    internal ReadOnlySpan<KeyValuePair<TKey, TValue>> Entries => _entries.AsSpan(0, Count);

    /// <inheritdoc/>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();
        set
        {
            var place = PlaceOf(key);
            if (place < 0)
            {
                place = ~place;
                MakeRoom(place);
            }

            _entries[place] = new(key, value);
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => PlaceOf(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var place = PlaceOf(key);
        value = place >= 0 ? _entries[place].Value : default;
        return place >= 0;
    }

    /// <summary>Takes an entry out.</summary>
    internal void Remove(TKey key)
    {
        if (PlaceOf(key) is var place and >= 0)
        {
            _entries.AsSpan(place + 1, Count - place - 1).CopyTo(_entries.AsSpan(place));
            _entries[--Count] = default;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void MakeRoom(int place)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count + Math.Max(Least, Count / 4));
        }

        _entries.AsSpan(place, Count - place).CopyTo(_entries.AsSpan(place + 1));
        Count++;
    }

    private int PlaceOf(TKey key)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (order.Compare(_entries[middle].Key, key))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return ~low;
    }
}
