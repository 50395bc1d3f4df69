namespace CouponGrains.Domain.Models.Response;

/// <summary>The response model as it travels in the artifact and is served: who will do what with which coupon.
/// Immutable.</summary>
public sealed class ResponseModel
{
    /// <summary>A model of these weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="vocabulary">The categorical user values that <see cref="UserFeatures"/> knows, in its
    /// order.</param>
    /// <param name="prior">What is answered where the network knows nothing.</param>
    public ResponseModel(ResponseWeights weights, IReadOnlyList<string> vocabulary, ResponsePrior prior)
    {
        (Weights, Vocabulary, Prior) = (weights, vocabulary, prior);
        Network = new(weights);
    }

    /// <summary>The sizes.</summary>
    public ResponseShape Shape => Weights.Shape;

    /// <summary>The weights.</summary>
    public ResponseWeights Weights { get; }

    /// <summary>Names of categorical user values.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>Base rates by segment.</summary>
    public ResponsePrior Prior { get; }

    /// <summary>The weights as they are computed with.</summary>
    public ResponseNetwork Network { get; }

    /// <summary>True if the network takes the features that this program makes for item factors of
    /// <paramref name="rank"/> numbers: of their meaning and of their widths. Of a model that another version of the
    /// program trained, only the prior is of use.</summary>
    public bool Fits(int rank) => Shape.Features == ResponseShape.CurrentFeatures
        && Shape.UserWidth == UserFeatures.Width(Vocabulary)
        && Shape.CouponWidth == CouponFeatures.Width(rank)
        && Shape.PairWidth == PairFeatures.Width
        && (Shape.Encoder == ResponseEncoder.None || Shape.EventWidth == EventFeatures.Width(rank));
}
