namespace CouponGrains.Domain.Models.Response;

/// <summary>Where an encoder stands after some events. It moves with every step of
/// <see cref="ResponseNetwork.Step"/>.</summary>
public sealed class EncoderState
{
    internal EncoderState(int hidden, int memory) => (Values, Memory) = (new float[hidden], new float[memory]);

    /// <summary>How many events are in.</summary>
    public long Events { get; internal set; }

    /// <summary>h, shape (H); zeros before the first event.</summary>
    public ReadOnlySpan<float> History => Values;

    /// <summary>h.</summary>
    internal float[] Values { get; }

    /// <summary>What the encoder keeps beside h.</summary>
    internal float[] Memory { get; }
}
