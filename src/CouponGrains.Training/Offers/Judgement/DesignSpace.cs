using System.Numerics.Tensors;
using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Where designs lie: the numbers standardised over the real designs (amounts, counts and prices as
/// logarithms), the choices one-hot with length 1/√2, so that two different choices are 1 apart.</summary>
internal sealed class DesignSpace
{
    private static readonly float Hot = (float)Math.Sqrt(0.5);

    private readonly float[] _mean;
    private readonly float[] _scale;
    private readonly Dictionary<string, int>[] _levels;

    private DesignSpace(float[] mean, float[] scale, Dictionary<string, int>[] levels) =>
        (_mean, _scale, _levels) = (mean, scale, levels);

    /// <summary>Mean of each number.</summary>
    public IReadOnlyList<float> Mean => _mean;

    /// <summary>Deviation of each; never 0.</summary>
    public IReadOnlyList<float> Scale => _scale;

    /// <summary>The names of the choices, in the order of <see cref="Choices"/>.</summary>
    public static IReadOnlyList<string> ChoiceNames { get; } = ["kind", "category", "condition", "redeemed"];

    private const int PlainNumbers = 5;

    /// <summary>How many numbers <see cref="Numbers"/> gives for each design here; they come first in a
    /// place.</summary>
    public int NumberCount => _mean.Length;

    /// <summary>The space of some real designs, at least one.</summary>
    public static DesignSpace Of(IReadOnlyList<JudgedDesign> real)
    {
        var rows = real.Select(Numbers).ToArray();
        var (mean, scale) = (new float[rows[0].Length], new float[rows[0].Length]);
        for (var i = 0; i < mean.Length; i++)
        {
            var average = rows.Average(r => r[i]);
            var deviation = Math.Sqrt(rows.Average(r => (r[i] - average) * (r[i] - average)));
            (mean[i], scale[i]) = ((float)average, deviation > 1e-9 ? (float)deviation : 1);
        }

        var levels = Enumerable.Range(0, ChoiceNames.Count).Select(choice => real.Select(d => Choices(d)[choice])
            .Distinct().Order(StringComparer.Ordinal).Select((level, i) => (level, i)).ToDictionary(l => l.level, l => l.i));
        return new(mean, scale, [.. levels]);
    }

    /// <summary>Depth, the logarithms of minimum spend, days, items and price, and where the scope lies.</summary>
    public static double[] Numbers(JudgedDesign d) =>
    [
        d.Depth, Math.Log(1 + d.MinimumSpend), Math.Log(1 + d.ValidDays), Math.Log(Math.Max(1, d.Items)),
        Math.Log(1 + d.Price), .. d.Scope,
    ];

    /// <summary>Kind, category, condition, and whether it was redeemed.</summary>
    public static string[] Choices(JudgedDesign d) =>
        [d.Kind.ToString(), d.Category, d.Condition, d.Redeemed is { } redeemed ? redeemed ? "yes" : "no" : ""];

    /// <summary>The design with such numbers and choices; what lies outside its range is moved to the end.</summary>
    public static JudgedDesign Design(double[] numbers, string[] choices) => new()
    {
        Depth = Math.Clamp(numbers[0], 0, 1),
        MinimumSpend = Math.Max(0, Math.Exp(numbers[1]) - 1),
        ValidDays = Math.Max(0, Math.Exp(numbers[2]) - 1),
        Items = (int)Math.Clamp(Math.Round(Math.Exp(numbers[3])), 1, 1e9),
        Price = Math.Max(0, Math.Exp(numbers[4]) - 1),
        Scope = numbers[PlainNumbers..],
        Kind = Enum.Parse<OfferKind>(choices[0]),
        Category = choices[1],
        Condition = choices[2],
        Redeemed = choices[3].Length == 0 ? null : choices[3] == "yes",
    };

    /// <summary>The place of a design.</summary>
    public float[] Place(JudgedDesign design) => Place(design, choice => true);

    /// <summary>The place without what <paramref name="keep"/> leaves out of the choices.</summary>
    public float[] Place(JudgedDesign design, Func<string, bool> keep)
    {
        var place = new List<float>(Standardise(design));
        var choices = Choices(design);
        for (var choice = 0; choice < choices.Length; choice++)
        {
            if (keep(ChoiceNames[choice]))
            {
                // One place more than there are levels: what no real design has.
                var hot = new float[_levels[choice].Count + 1];
                hot[_levels[choice].GetValueOrDefault(choices[choice], hot.Length - 1)] = Hot;
                place.AddRange(hot);
            }
        }

        return [.. place];
    }

    /// <summary>The numbers of a design as they stand in its place.</summary>
    public float[] Standardise(JudgedDesign design) =>
        [.. Numbers(design).Select((number, i) => ((float)number - _mean[i]) / _scale[i])];

    /// <summary>A place with the products of each two of its coordinates and a 1: what a linear rule needs to see
    /// curves and interactions.</summary>
    /// <param name="place">The place.</param>
    /// <param name="numbers">How many of its coordinates are numbers.</param>
    public static float[] Interactions(float[] place, int numbers)
    {
        var all = new List<float>(place) { 1 };
        for (var i = 0; i < place.Length; i++)
        {
            // Two levels of one choice are never hot together: such products are zeros and do no harm.
            for (var j = i < numbers ? i : i + 1; j < place.Length; j++)
            {
                all.Add(place[i] * place[j]);
            }
        }

        return [.. all];
    }

    /// <summary>All distances between two sets of places, shape (a, b).</summary>
    public static float[][] Distances(float[][] a, float[][] b) =>
        [.. a.Select(x => b.Select(y => TensorPrimitives.Distance<float>(x, y)).ToArray())];
}
