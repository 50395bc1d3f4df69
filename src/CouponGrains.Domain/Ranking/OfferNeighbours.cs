using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Ranking;

/// <summary>What the neighbours of each history item j say for each offer, <c>n_jc = Σ_i N_ji c_i</c>: a sparse matrix
/// by rows j, so that a user's part for all offers costs the sum of his items' lists.</summary>
/// <remarks>An offer that covers most items would have an entry in every row. Such an offer mostly takes the same share
/// off all of them, b say, so that it is <c>c = b·1 + d</c> with d other than 0 on few items, and
/// <c>n_jc = b Σ_i N_ji + Σ_i N_ji d_i</c>: one sum for each row, whatever the number of such offers, and entries for d
/// alone. It is exact. Only a wide offer that takes another share off most of its items (an amount off with a low
/// minimum) has entries in all rows, never more than items. Building costs the entries of N times the offers on an
/// item.</remarks>
internal sealed class OfferNeighbours
{
    private readonly long[] _starts;
    private readonly int[] _offers;
    private readonly float[] _values;
    private readonly double[] _rowSums;
    private readonly float[] _bases;
    private readonly double[] _squares;

    private OfferNeighbours(ItemNeighbours neighbours, float[] bases, Cover cover)
    {
        _bases = bases;
        _squares = new double[bases.Length];
        _starts = new long[neighbours.Count + 1];
        _rowSums = new double[neighbours.Count];
        var (offers, values) = (new List<int>(), new List<float>());
        var (sums, touched) = (new double[bases.Length], new List<int>());
        for (var row = 0; row < neighbours.Count; row++)
        {
            _rowSums[row] = Sum(neighbours, row, cover, sums, touched);
            touched.Sort();
            foreach (var offer in touched)
            {
                if ((float)sums[offer] is var value and not 0)
                {
                    offers.Add(offer);
                    values.Add(value);
                    _squares[offer] += value * (value + (2 * bases[offer] * _rowSums[row]));
                }

                sums[offer] = 0;
            }

            touched.Clear();
            _starts[row + 1] = offers.Count;
        }

        (_offers, _values) = ([.. offers], [.. values]);
        var rowSquares = _rowSums.Sum(s => s * s);
        for (var offer = 0; offer < bases.Length; offer++)
        {
            _squares[offer] = Math.Max(0, _squares[offer] + (rowSquares * bases[offer] * bases[offer]));
        }
    }

    /// <summary>No offers and no neighbours.</summary>
    internal static OfferNeighbours None { get; } = new(ItemNeighbours.None, [], new([], [], 0));

    /// <summary>True if the model has no neighbours.</summary>
    internal bool IsEmpty => _rowSums.Length == 0;

    /// <summary>Builds the matrix of offers with these vectors. An item that came after training is no neighbour of
    /// any: the trained ones that it is like stand for it.</summary>
    internal static OfferNeighbours Build(ModelSnapshot model, IReadOnlyList<CouponVector> covered)
    {
        var neighbours = model.Neighbours;
        var vectors = covered.Select(vector => OfTrained(vector, model.Factors)).ToList();
        var bases = vectors.Select(v => Base(v, neighbours.Count)).ToArray();
        return new(neighbours, bases, new(vectors, bases, neighbours.Count));
    }

    /// <summary><c>‖n_c‖²</c> of an offer.</summary>
    internal double SquaredNorm(int offer) => _squares[offer];

    /// <summary><c>n_jc</c> of a history item and an offer.</summary>
    internal double Entry(int row, int offer)
    {
        if (row >= _rowSums.Length)
        {
            return 0;
        }

        var (begin, length) = ((int)_starts[row], (int)(_starts[row + 1] - _starts[row]));
        var place = Array.BinarySearch(_offers, begin, length, offer);
        return (_bases[offer] * _rowSums[row]) + (place >= 0 ? _values[place] : 0);
    }

    /// <summary>Fills in <c>Σ_j r_uj n_jc</c> for every offer, shape (offers), and answers Σ r_uj² over the items that
    /// have neighbours.</summary>
    internal double Score(ItemFactors factors, UserProfile profile, TasteVector taste, Span<double> scores)
    {
        scores.Clear();
        var (squares, sum) = (0.0, 0.0);
        foreach (var (item, history) in profile.HeldItems)
        {
            var (row, entry) = (factors.RowOf(item), (double)taste.Entry(history.DecayedSum));
            if (row < 0 || row >= _rowSums.Length || entry == 0)
            {
                continue;
            }

            squares += entry * entry;
            sum += entry * _rowSums[row];
            for (var place = _starts[row]; place < _starts[row + 1]; place++)
            {
                scores[_offers[place]] += entry * _values[place];
            }
        }

        for (var offer = 0; offer < scores.Length; offer++)
        {
            scores[offer] += _bases[offer] * sum;
        }

        return squares;
    }

    private static CouponVector OfTrained(CouponVector vector, ItemFactors factors)
    {
        if (vector.Rows.Count == 0 || !factors.IsProvisional(vector.Rows[^1]))
        {
            return vector;
        }

        var values = new SortedDictionary<int, float>();
        for (var place = 0; place < vector.Rows.Count; place++)
        {
            var (row, value) = (vector.Rows[place], vector.Values[place]);
            if (!factors.IsProvisional(row))
            {
                values[row] = value;
            }

            foreach (var like in factors.Likes(row))
            {
                values[like.Row] = values.GetValueOrDefault(like.Row) + (value * like.Weight);
            }
        }

        return new([.. values.Keys], [.. values.Values]);
    }

    /// <summary>b: the value that more than half of all items have under an offer, or 0.</summary>
    private static float Base(CouponVector vector, int items)
    {
        if (vector.Values.Count * 2L <= items)
        {
            return 0;
        }

        // What more than half of them are outlasts the others (majority vote, Boyer and Moore 1981).
        var (value, votes) = (0f, 0);
        foreach (var other in vector.Values)
        {
            value = votes == 0 ? other : value;
            votes += other == value ? 1 : -1;
        }

        return vector.Values.Count(v => v == value) * 2L > items ? value : 0;
    }

    /// <summary>Adds up <c>Σ_i N_ji d_i</c> by offer, and answers <c>Σ_i N_ji</c>.</summary>
    private static double Sum(ItemNeighbours neighbours, int row, Cover cover, double[] sums, List<int> touched)
    {
        var items = neighbours.ItemsOf(row);
        var weights = neighbours.WeightsOf(row);
        var all = 0.0;
        for (var place = 0; place < items.Length; place++)
        {
            all += weights[place];
            foreach (var (offer, extra) in cover.Of(items[place]))
            {
                if (sums[offer] == 0)
                {
                    touched.Add(offer);
                }

                sums[offer] += (double)weights[place] * extra;
            }
        }

        return all;
    }

    /// <summary>d by items: the offers on each item, with what they take off beside their b.</summary>
    private sealed class Cover
    {
        private readonly int[] _starts;
        private readonly (int Offer, float Extra)[] _entries;

        internal Cover(IReadOnlyList<CouponVector> vectors, float[] bases, int items)
        {
            _starts = new int[items + 1];
            var entries = new List<(int Item, int Offer, float Extra)>();
            for (var offer = 0; offer < vectors.Count; offer++)
            {
                entries.AddRange(Extras(vectors[offer], bases[offer], items).Select(r => (r.Item, offer, r.Extra)));
            }

            foreach (var (item, _, _) in entries)
            {
                _starts[item + 1]++;
            }

            for (var item = 0; item < items; item++)
            {
                _starts[item + 1] += _starts[item];
            }

            _entries = new (int Offer, float Extra)[entries.Count];
            var next = _starts.AsSpan(0, items).ToArray();
            foreach (var (item, offer, extra) in entries)
            {
                _entries[next[item]++] = (offer, extra);
            }
        }

        internal ReadOnlySpan<(int Offer, float Extra)> Of(int item) =>
            _entries.AsSpan(_starts[item], _starts[item + 1] - _starts[item]);

        private static IEnumerable<(int Item, float Extra)> Extras(CouponVector vector, float all, int items)
        {
            var next = 0;
            for (var place = 0; place < vector.Rows.Count && vector.Rows[place] < items; place++)
            {
                for (; all != 0 && next < vector.Rows[place]; next++)
                {
                    yield return (next, -all);
                }

                next = vector.Rows[place] + 1;
                if (vector.Values[place] != all)
                {
                    yield return (vector.Rows[place], vector.Values[place] - all);
                }
            }

            for (; all != 0 && next < items; next++)
            {
                yield return (next, -all);
            }
        }
    }
}
