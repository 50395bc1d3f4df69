using CouponGrains.Domain.Catalog;

namespace CouponGrains.Domain.Offers;

/// <summary>A raw design: what a generator puts out before it is an offer. Any finite or non-finite numbers.</summary>
/// <param name="Kinds">A score for each value of <see cref="OfferKind"/> in its order; the highest allowed one is
/// taken.</param>
/// <param name="Depth">Where in the depth range, 0 to 1 (clamped).</param>
/// <param name="Threshold">Where in the minimum-spend range, 0 to 1 (clamped).</param>
/// <param name="Validity">Where in the validity range, 0 to 1 (clamped).</param>
/// <param name="Categories">A score for each category of <see cref="CatalogIndex.TopCategories"/> in its order; the
/// best allowed one makes the scope, with up to two more of at least ½. If none reaches ½ and the whole cart is
/// allowed, that is the scope.</param>
public sealed record OfferDesign(
    IReadOnlyList<float> Kinds, float Depth, float Threshold, float Validity, IReadOnlyList<float> Categories)
{
    /// <summary>The kinds that a vector begins with; the later ones stand behind the categories.</summary>
    public const int FirstKinds = 5;

    private const int Places = 3;

    /// <summary>How spend-and-save is shaped, 0 to 1 (clamped): below ⅓ single, below ⅔ in tiers, else for each full
    /// minimum.</summary>
    public float Form { get; init; }

    /// <summary>Where between one repeat and the most, 0 to 1 (clamped).</summary>
    public float Repeats { get; init; }

    /// <summary>The length of a vector over a number of top categories.</summary>
    public static int Width(int categories) => Enum.GetValues<OfferKind>().Length + Places + 2 + categories;

    /// <summary>Reads any vector: five kinds, depth, threshold, validity, the categories; then the later kinds, form
    /// and repeats. What a short one lacks is not wished for, what a long one has beyond is not read.</summary>
    public static OfferDesign Of(ReadOnlySpan<float> vector, int categories)
    {
        var later = FirstKinds + Places + categories;
        var kinds = new float[Enum.GetValues<OfferKind>().Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = At(vector, i < FirstKinds ? i : later + i - FirstKinds);
        }

        var scores = new float[categories];
        for (var i = 0; i < categories; i++)
        {
            scores[i] = At(vector, FirstKinds + Places + i);
        }

        later += kinds.Length - FirstKinds;
        return new(kinds, At(vector, FirstKinds), At(vector, FirstKinds + 1), At(vector, FirstKinds + 2), scores)
        {
            Form = At(vector, later),
            Repeats = At(vector, later + 1),
        };
    }

    private static float At(ReadOnlySpan<float> vector, int place) =>
        place < vector.Length ? vector[place] : float.NaN;
}
