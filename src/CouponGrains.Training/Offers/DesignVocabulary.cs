using System.Globalization;
using CouponGrains.Domain.Offers;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>A model's designs as they are judged, and back: the condition is the segment, by its number; the category
/// is that of the nearest prototype, by its number, empty for the whole cart, which is the last prototype; the places
/// in the ranges of minimum spend and validity stand for amounts and days, since from campaign to campaign these are
/// the same but for a factor; the scope lies at its focus.</summary>
/// <param name="prototypes">Unit vectors, the whole cart's the last; see <see cref="ScopeModes"/>.</param>
internal sealed class DesignVocabulary(float[][] prototypes)
{
    private const double Range = 10;

    private readonly UserSegments _prototypes = new(prototypes, []);

    /// <summary>A design for a segment as it is judged.</summary>
    public JudgedDesign Judged(int segment, RawDesign raw)
    {
        var prototype = _prototypes.Nearest(raw.Scope);
        return new()
        {
            Condition = Text(segment),
            Kind = (OfferKind)(1 + Array.IndexOf(raw.Kinds, raw.Kinds.Max())),
            Category = prototype < prototypes.Length - 1 ? Text(prototype) : "",
            Depth = Math.Clamp(raw.Depth, 0, 1),
            MinimumSpend = Range * raw.Threshold,
            ValidDays = Range * raw.Validity,
            Scope = [System.Numerics.Tensors.TensorPrimitives.Dot<float>(raw.Scope, prototypes[prototype])],
        };
    }

    /// <summary>A judged design as one to decode: its scope is the prototype's own; form and repeats, of which a judged
    /// design tells nothing, are drawn evenly.</summary>
    public RawDesign Raw(JudgedDesign design, Random random)
    {
        var kinds = new float[DesignCode.Kinds];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = -random.NextSingle();
        }

        kinds[(int)design.Kind - 1] = 1;
        return new(kinds, (float)design.Depth, (float)(design.MinimumSpend / Range), (float)(design.ValidDays / Range),
            random.NextSingle(), random.NextSingle(), prototypes[Prototype(design)]);
    }

    /// <summary>Segment, kind and prototype as numbers.</summary>
    public float[] Choices(JudgedDesign design) =>
        [int.Parse(design.Condition, CultureInfo.InvariantCulture), (int)design.Kind, Prototype(design)];

    /// <summary>The names of such numbers: condition, kind, category.</summary>
    public (string Condition, string Kind, string Category) Names(float segment, float kind, float prototype) =>
        (Text((int)segment), ((OfferKind)(int)kind).ToString(), prototype < prototypes.Length - 1 ? Text((int)prototype) : "");

    private int Prototype(JudgedDesign design) => design.Category.Length == 0
        ? prototypes.Length - 1
        : int.Parse(design.Category, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
