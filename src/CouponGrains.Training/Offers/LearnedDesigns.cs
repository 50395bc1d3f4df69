using System.Numerics.Tensors;
using CouponGrains.Domain.Models;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>The designs that a generator learned from, as far as it takes to see a copy of one: what lies nearer to one
/// of them, as the judgement measures it, than percentile 5 of the distances among them.</summary>
/// <param name="Rows">Segment, kind, prototype, and the standardised numbers of each.</param>
/// <param name="Mean">Mean of the numbers.</param>
/// <param name="Scale">Their deviation.</param>
/// <param name="Bound">Nearer is a copy.</param>
internal sealed record LearnedDesigns(float[][] Rows, float[] Mean, float[] Scale, float Bound)
{
    private const string Prefix = "generator.learned.";
    private const int Choices = 3;

    /// <summary>For judged designs and the space that they are judged in.</summary>
    public static LearnedDesigns Of(IReadOnlyList<JudgedDesign> designs, DesignVocabulary words)
    {
        var space = DesignSpace.Of(designs);
        float[][] rows = [.. designs.Select(d => (float[])[.. words.Choices(d), .. space.Standardise(d)])];
        var bound = AreaUnderCurve.At(Neighbourhoods.NearestAmong([.. designs.Select(space.Place)]), 0.05);
        return new(rows, [.. space.Mean], [.. space.Scale], double.IsNaN(bound) ? 0 : (float)bound);
    }

    /// <summary>Those that a model carries, or null.</summary>
    public static LearnedDesigns? Of(IReadOnlyDictionary<string, ModelTensor> tensors) =>
        tensors.TryGetValue(Prefix + "rows", out var rows)
            ? new([.. rows.Values.Chunk(rows.Shape[1])], tensors[Prefix + "mean"].Values, tensors[Prefix + "scale"].Values,
                tensors[Prefix + "bound"].Values[0])
            : null;

    /// <summary>As tensors of a model.</summary>
    public IEnumerable<KeyValuePair<string, ModelTensor>> ToTensors() =>
    [
        new(Prefix + "rows", new([Rows.Length, Rows[0].Length], [.. Rows.SelectMany(r => r)])),
        new(Prefix + "mean", new([Mean.Length], Mean)),
        new(Prefix + "scale", new([Scale.Length], Scale)),
        new(Prefix + "bound", new([1], [Bound])),
    ];

    /// <summary>One of them, drawn evenly, as it was.</summary>
    public JudgedDesign Draw(DesignVocabulary words, Random random)
    {
        var row = Rows[random.Next(Rows.Length)];
        double[] numbers = [.. row.Skip(Choices).Select((number, i) => (number * Scale[i]) + Mean[i])];
        var (condition, kind, category) = words.Names(row[0], row[1], row[2]);
        return DesignSpace.Design(numbers, [kind, category, condition, ""]);
    }

    /// <summary>True if a design is as good as a copy of one of these.</summary>
    /// <param name="choices">Segment, kind, prototype.</param>
    /// <param name="numbers">Its numbers, see <see cref="DesignSpace.Numbers"/>.</param>
    public bool IsCopy(ReadOnlySpan<float> choices, double[] numbers)
    {
        var place = new float[numbers.Length];
        for (var i = 0; i < place.Length; i++)
        {
            place[i] = ((float)numbers[i] - Mean[i]) / Scale[i];
        }

        foreach (var row in Rows)
        {
            // Two different choices are 1 apart, and distances add as squares.
            var distance = TensorPrimitives.Distance<float>(row.AsSpan(Choices), place);
            var square = distance * distance;
            for (var i = 0; i < Choices; i++)
            {
                square += row[i] == choices[i] ? 0 : 1;
            }

            if (square < Bound * Bound)
            {
                return true;
            }
        }

        return false;
    }
}
