using CouponGrains.Domain.Offers;

namespace CouponGrains.Training.Offers;

/// <summary>How designs and conditions are written as numbers for the generator.</summary>
/// <remarks>A design, shape (13 + k): the kind one-hot (8), depth, threshold, validity, form and repeats as places in
/// the guardrails' ranges (0 to 1, see <see cref="OfferDesign"/>), and the scope as a unit vector in factor space,
/// <c>Vᵀ c / ‖Vᵀ c‖</c> with c the items in scope. A condition, shape (k + 16): the taste of a user or segment as a
/// unit vector, and the guardrails.</remarks>
internal static class DesignCode
{
    public const int Kinds = 8;
    public const int Places = 5;
    public const int Fixed = Kinds + Places;
    public const int Guardrails = Kinds + 8;

    /// <summary>The length of a design under factors of rank k.</summary>
    public static int DesignWidth(int rank) => Fixed + rank;

    /// <summary>The length of a condition under factors of rank k.</summary>
    public static int ConditionWidth(int rank) => rank + Guardrails;

    /// <summary>An offer as a design, with its places in the guardrails of its own campaign, so that decoding it there
    /// gives what it gave. A gift is written without its price, as the smallest.</summary>
    public static float[] Encode(Offer offer, Guardrails guardrails, ReadOnlySpan<float> scope)
    {
        var code = new float[DesignWidth(scope.Length)];
        code[(int)offer.Kind - 1] = 1;
        code[Kinds] = offer is { Kind: OfferKind.PointsMultiplied, Points: { } points }
            ? Place(points.Factor, 2, guardrails.PointsFactorMax)
            : Place(DepthBasisPoints(offer), guardrails.DepthMinBasisPoints, guardrails.DepthMaxBasisPoints);
        code[Kinds + 1] = offer.MinimumSpend is { } spend
            ? Place(spend.Minor, guardrails.MinimumSpendMin.Minor, guardrails.MinimumSpendMax.Minor)
            : 0;
        code[Kinds + 2] = guardrails.ValidHoursMin is { } hours
            ? Place(offer.ValidFor.TotalHours, hours, 24.0 * guardrails.ValidDaysMax)
            : Place(offer.ValidFor.TotalDays, guardrails.ValidDaysMin, guardrails.ValidDaysMax);
        code[Kinds + 3] = offer.Tiers.Count > 0 ? 0.5f
            : offer.Kind == OfferKind.SpendAndSave && offer.RepeatsMax > 1 ? 0.9f : 0.1f;
        code[Kinds + 4] = Place(offer.RepeatsMax, 1, guardrails.RepeatsMax);
        scope.CopyTo(code.AsSpan(Fixed));
        return code;
    }

    /// <summary>A condition from a unit taste and guardrails.</summary>
    public static float[] Condition(ReadOnlySpan<float> taste, Guardrails guardrails)
    {
        var code = new float[ConditionWidth(taste.Length)];
        taste.CopyTo(code);
        var rest = code.AsSpan(taste.Length);
        foreach (var kind in guardrails.Kinds)
        {
            rest[(int)kind - 1] = 1;
        }

        rest[Kinds + 0] = guardrails.DepthMinBasisPoints / 10_000f;
        rest[Kinds + 1] = guardrails.DepthMaxBasisPoints / 10_000f;
        rest[Kinds + 2] = guardrails.MarginFloorBasisPoints / 10_000f;
        rest[Kinds + 3] = Magnitude(guardrails.MinimumSpendMin.Minor);
        rest[Kinds + 4] = Magnitude(guardrails.MinimumSpendMax.Minor);
        rest[Kinds + 5] = guardrails.ValidDaysMin / 60f;
        rest[Kinds + 6] = guardrails.ValidDaysMax / 60f;
        rest[Kinds + 7] = guardrails.WholeCart ? 1 : 0;
        return code;
    }

    /// <summary>Scales to length 1; a vector of zeros stays.</summary>
    public static float[] Unit(ReadOnlySpan<float> vector)
    {
        var unit = vector.ToArray();
        var length = System.Numerics.Tensors.TensorPrimitives.Norm(vector);
        if (length > 0)
        {
            System.Numerics.Tensors.TensorPrimitives.Divide(vector, length, unit);
        }

        return unit;
    }

    private static double DepthBasisPoints(Offer offer) => offer switch
    {
        { Amount: { } amount, MinimumSpend: { Minor: > 0 } spend } => 10_000.0 * amount.Minor / spend.Minor,
        { Amount: { } amount, Cap: { Minor: > 0 } cap } => 10_000.0 * amount.Minor / cap.Minor,
        { Bundle: { GetScope: null } set } => (double)offer.PercentBasisPoints * set.Get / (set.Buy + set.Get),
        _ => offer.PercentBasisPoints,
    };

    private static float Place(double value, double min, double max) =>
        max > min ? (float)Math.Clamp((value - min) / (max - min), 0, 1) : 0;

    private static float Magnitude(long minor) => (float)Math.Log10(1 + Math.Max(minor, 0)) / 6;
}

/// <summary>One example for the generator.</summary>
/// <param name="Condition">For whom and inside what, see <see cref="DesignCode"/>.</param>
/// <param name="Design">The design.</param>
/// <param name="Weight">How often it is shown, relative to the others.</param>
internal sealed record DesignExample(float[] Condition, float[] Design, double Weight);

/// <summary>A design before its categories are named.</summary>
/// <param name="Kinds">A score for each kind.</param>
/// <param name="Depth">Place in the depth range.</param>
/// <param name="Threshold">Place in the minimum-spend range.</param>
/// <param name="Validity">Place in the validity range.</param>
/// <param name="Form">How spend-and-save is shaped.</param>
/// <param name="Repeats">Place between one repeat and the most.</param>
/// <param name="Scope">The scope in factor space, shape (k).</param>
internal sealed record RawDesign(
    float[] Kinds, float Depth, float Threshold, float Validity, float Form, float Repeats, float[] Scope)
{
    /// <summary>A design code read back.</summary>
    public static RawDesign Of(float[] code)
    {
        var places = code.AsSpan(DesignCode.Kinds, DesignCode.Places);
        return new(code[..DesignCode.Kinds], places[0], places[1], places[2], places[3], places[4],
            DesignCode.Unit(code.AsSpan(DesignCode.Fixed)));
    }
}
