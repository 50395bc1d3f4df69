using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Training.Models.Response;

/// <summary>How a response model is built and trained.</summary>
public sealed record ResponseOptions
{
    /// <summary>How events are read.</summary>
    public ResponseEncoder Encoder { get; init; } = ResponseEncoder.None;

    /// <summary>E; unused without an encoder.</summary>
    public int EventWidth { get; init; }

    /// <summary>H; unused without an encoder.</summary>
    public int Hidden { get; init; } = 24;

    /// <summary>Layers of the convolution.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>F1; 0 is a logistic regression.</summary>
    public int First { get; init; } = 32;

    /// <summary>F2.</summary>
    public int Second { get; init; } = 16;

    /// <summary>Networks without an encoder that are trained from different seeds and served as one: their mean
    /// logit.</summary>
    public int Members { get; init; } = 1;

    /// <summary>The most passes over the examples.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Passes without a better validation loss before the run stops.</summary>
    public int Patience { get; init; } = 6;

    /// <summary>Contexts in one step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Adam's step size.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>λ of the squared weights of the linear part, for each redemption of a mean loss.</summary>
    public double WideDecay { get; init; } = 0.02;

    /// <summary>The same of the layers.</summary>
    public double Decay { get; init; } = 2e-3;

    /// <summary>The share of hidden units dropped in training.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>The largest norm of all gradients together.</summary>
    public double GradientMax { get; init; } = 5;

    /// <summary>What the ranking loss weighs beside that of the four heads.</summary>
    public double ListWeight { get; init; } = 1;

    /// <summary>The share of redemptions in the part to validate on.</summary>
    public double ValidationShare { get; init; } = 0.2;

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A logistic regression.</summary>
    public static ResponseOptions Logistic { get; } = new() { First = 0, Second = 0 };
}
