namespace CouponGrains.Domain.Models.Response;

/// <summary>How the response model reads a user's events. The numbers are stored: never reuse one.</summary>
public enum ResponseEncoder
{
    /// <summary>Not at all: what the features of user and coupon say is all that there is.</summary>
    None = 0,

    /// <summary>A gated recurrent unit (Cho et al. 2014), one step for each event.</summary>
    Gru = 1,

    /// <summary>Causal convolutions of width 3 with dilations 1, 2, 4, … and residual connections (Bai et al.
    /// 2018).</summary>
    Convolution = 2,
}

/// <summary>What a user may do with a coupon: the heads of the response model, in the order of its outputs.</summary>
public enum ResponseHead
{
    /// <summary>Looks at it.</summary>
    View = 0,

    /// <summary>Claims it.</summary>
    Claim = 1,

    /// <summary>Redeems it while it is valid.</summary>
    Redeem = 2,

    /// <summary>Rates it 4 or 5, if he redeems it.</summary>
    Satisfaction = 3,
}

/// <summary>The sizes of a response model.</summary>
/// <param name="Encoder">How events are read.</param>
/// <param name="EventWidth">Numbers that describe one event.</param>
/// <param name="HiddenWidth">Numbers that the encoder makes of all events.</param>
/// <param name="Layers">Layers of the convolution; 1 for the recurrent unit, 0 without an encoder.</param>
/// <param name="UserWidth">Numbers that describe the user and the moment.</param>
/// <param name="CouponWidth">Numbers that describe the coupon alone.</param>
/// <param name="PairWidth">Numbers that describe the coupon for this user.</param>
/// <param name="FirstWidth">Units of the first hidden layer; 0 leaves the hidden layers out, and the model is a
/// logistic regression.</param>
/// <param name="SecondWidth">Units of the second hidden layer.</param>
public sealed record ResponseShape(
    ResponseEncoder Encoder,
    int EventWidth,
    int HiddenWidth,
    int Layers,
    int UserWidth,
    int CouponWidth,
    int PairWidth,
    int FirstWidth,
    int SecondWidth)
{
    /// <summary>The number of heads.</summary>
    public const int Heads = 4;

    /// <summary>What the features mean now. A change of what one of them says, be it of its unit alone, takes the next
    /// number: 2 tells the depth of an offer in tenths of the price, 1 told it in whole prices.</summary>
    public const int CurrentFeatures = 2;

    /// <summary>What the features meant that it was trained on.</summary>
    public int Features { get; init; } = CurrentFeatures;
}
