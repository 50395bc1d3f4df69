namespace CouponGrains.Training.Models;

/// <summary>Numbers for ids, 0, 1, 2, … in the order first seen.</summary>
internal sealed class Numbering<T>
    where T : struct, IComparable<T>
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T> _ids = [];

    public int Count => _ids.Count;

    public T this[int number] => _ids[number];

    /// <summary>The number of an id, a new one if it has none yet.</summary>
    public int Of(T id)
    {
        if (!_numbers.TryGetValue(id, out var number))
        {
            _numbers.Add(id, number = _ids.Count);
            _ids.Add(id);
        }

        return number;
    }

    /// <summary>The number of an id, −1 if it has none.</summary>
    public int Find(T id) => _numbers.GetValueOrDefault(id, -1);

    /// <summary>The numbers that are kept, by the ordinal order of their ids.</summary>
    public int[] Ordered(Func<int, bool> isKept)
    {
        var numbers = Enumerable.Range(0, Count).Where(isKept).ToArray();
        Array.Sort(numbers, (a, b) => _ids[a].CompareTo(_ids[b]));
        return numbers;
    }
}
