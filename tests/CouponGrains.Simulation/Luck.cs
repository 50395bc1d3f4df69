namespace CouponGrains.Simulation;

/// <summary>What a chance of the market is about. The numbers are part of the seed: never reuse one.</summary>
internal enum Chance
{
    Kind = 1,
    Taste,
    Band,
    BandTaste,
    Region,
    Sensitivity,
    Activity,
    Limit,
    Notice,
    ItemTaste,
    CategoryPopularity,
    CategoryPrice,
    CategoryMargin,
    CategorySeason,
    ItemPopularity,
    ItemPrice,
    Visits,
    Views,
    ViewedCategory,
    ViewedItem,
    Carts,
    Searches,
    Notices,
    Claims,
    Buys,
    BoughtItem,
    Rates,
    Stars,
    Order,
    Choice,
}

/// <summary>Randomness without a state: every chance has a name (what it is about, and up to three numbers such as
/// user, day and category), and its outcome is a hash of the seed and that name. So two worlds that differ in the
/// coupons meet the same luck everywhere else, whatever happened before (common random numbers), and a difference
/// between them is paired.</summary>
/// <remarks>The mixing step is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</remarks>
/// <param name="seed">Another seed, another market.</param>
public readonly struct Luck(int seed)
{
    private readonly ulong _seed = Mix(unchecked((ulong)seed));

    /// <summary>A number in [0, 1), evenly spread.</summary>
    internal double Uniform(Chance chance, int a = 0, int b = 0, int c = 0) =>
        (Bits(chance, a, b, c) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number with mean 0 and variance 1, normally spread (Box and Muller, 1958).</summary>
    internal double Normal(Chance chance, int a = 0, int b = 0, int c = 0)
    {
        var bits = Bits(chance, a, b, c);
        var radius = Math.Sqrt(-2 * Math.Log(((bits >> 32) + 1) * (1.0 / 4_294_967_297)));
        return radius * Math.Cos(2 * Math.PI * (bits & 0xFFFF_FFFF) / 4_294_967_296.0);
    }

    /// <summary>An index, drawn with the probability of its part in <paramref name="cumulative"/> (ascending, the last
    /// is the sum).</summary>
    internal int Draw(ReadOnlySpan<double> cumulative, Chance chance, int a = 0, int b = 0, int c = 0)
    {
        var at = Uniform(chance, a, b, c) * cumulative[^1];
        var found = cumulative.BinarySearch(at);
        return Math.Min(found < 0 ? ~found : found + 1, cumulative.Length - 1);
    }

    /// <summary>A generator for a part that draws in sequence.</summary>
    internal Random Generator(Chance chance, int a = 0, int b = 0) => new((int)(Bits(chance, a, b, 0) >> 33));

    private ulong Bits(Chance chance, int a, int b, int c) => unchecked(
        Mix(Mix(Mix(_seed ^ (ulong)chance) ^ (((ulong)(uint)a << 32) | (uint)b)) ^ (uint)c));

    private static ulong Mix(ulong z) => unchecked(Finish(z + 0x9E37_79B9_7F4A_7C15));

    private static ulong Finish(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}
