namespace CouponGrains.Training.Offers.Judgement;

/// <summary>What is predicted of a design from the rest of it, to see whether generated designs teach what real ones
/// do: whether it was redeemed, which is what a shop wants of a design; where results are not told, whether it gives
/// more than the median.</summary>
internal sealed class DesignTask
{
    private readonly bool _redeemed;
    private readonly double _middle;

    private DesignTask(bool redeemed, double middle) => (_redeemed, _middle) = (redeemed, middle);

    /// <summary><c>redeemed</c> or <c>deep</c>.</summary>
    public string Name => _redeemed ? "redeemed" : "deep";

    /// <summary>The task for some real designs.</summary>
    public static DesignTask Of(IReadOnlyList<JudgedDesign> real, bool results) =>
        new(results, AreaUnderCurve.At([.. real.Select(d => d.Depth).Order()], 0.5));

    /// <summary>The label.</summary>
    public bool Label(JudgedDesign design) => _redeemed ? design.Redeemed == true : design.Depth > _middle;

    /// <summary>The rest of the design, with interactions.</summary>
    public float[] Rest(JudgedDesign design, DesignSpace space)
    {
        var place = space.Place(design, choice => choice != "redeemed");
        if (!_redeemed)
        {
            place[0] = 0;
        }

        return DesignSpace.Interactions(place, space.NumberCount);
    }
}
