using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>The copula of the judgement as it travels in a model: where the gates close on the generator and it is the
/// best baseline, it designs.</summary>
internal sealed class DesignCopula(GaussianCopula copula, DesignVocabulary words)
{
    private const string Prefix = "copula.";

    /// <summary>The one that a model carries, or null.</summary>
    public static DesignCopula? Of(IReadOnlyDictionary<string, ModelTensor> tensors, DesignVocabulary words)
    {
        if (!tensors.TryGetValue(Prefix + "numbers", out var numbers))
        {
            return null;
        }

        var choices = tensors[Prefix + "choices"];
        var root = tensors[Prefix + "root"];
        var columns = choices.Values.Chunk(choices.Shape[1]).ToArray();
        return new(new(
            [.. numbers.Values.Chunk(numbers.Shape[1]).Select(column => Array.ConvertAll(column, v => (double)v))],
            [
                Array.ConvertAll(columns[0], kind => words.Names(0, kind, 0).Kind),
                Array.ConvertAll(columns[1], prototype => words.Names(0, 0, prototype).Category),
                Array.ConvertAll(columns[2], segment => words.Names(segment, 0, 0).Condition),
                Array.ConvertAll(columns[0], _ => ""),
            ],
            [.. root.Values.Chunk(root.Shape[1]).Select(row => Array.ConvertAll(row, v => (double)v))]), words);
    }

    /// <summary>As tensors of a model.</summary>
    public IEnumerable<KeyValuePair<string, ModelTensor>> ToTensors()
    {
        var (kinds, categories, segments) = (copula.Choices[0], copula.Choices[1], copula.Choices[2]);
        var choices = kinds.Select((kind, i) => words.Choices(new()
        {
            Kind = Enum.Parse<OfferKind>(kind), Category = categories[i], Condition = segments[i],
        })).ToArray();
        return
        [
            new(Prefix + "numbers", Rows([.. copula.Numbers.Select(Single)])),
            new(Prefix + "choices", Rows([
                [.. choices.Select(c => c[1])], [.. choices.Select(c => c[2])], [.. choices.Select(c => c[0])]])),
            new(Prefix + "root", Rows([.. copula.Root.Select(Single)])),
        ];
    }

    /// <summary>A design for a segment.</summary>
    public RawDesign Design(int segment, Random random) =>
        words.Raw(copula.Draw(words.Names(segment, 0, 0).Condition, random), random);

    private static float[] Single(double[] values) => Array.ConvertAll(values, v => (float)v);

    private static ModelTensor Rows(float[][] rows) => new([rows.Length, rows[0].Length], [.. rows.SelectMany(r => r)]);
}
