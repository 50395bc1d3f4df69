using System.Buffers;
using CouponGrains.Domain.Events;

namespace CouponGrains.Domain.Models.Response;

/// <summary>What the encoder of one model made of a user's events so far; one step for each further event. Not
/// thread-safe: it lives in one grain's turn.</summary>
/// <remarks>The network was trained on the newest events before each issue, as many as a profile keeps: a replay of
/// them gives what it was trained on. A state that has advanced longer has seen more than that, and differs a little
/// from the replay of the same user's newest events. Events are taken in the order of the log: what lies in the future,
/// or before the event taken in last, is held by the bounds of <see cref="EventFeatures"/>; an item without factors has
/// a row of zeros.</remarks>
public sealed class SequenceState
{
    private readonly EncoderState _encoder;

    private SequenceState(ModelSnapshot model, ResponseNetwork network) =>
        (Model, Generation, _encoder) = (model.Version, model.Generation, network.Begin());

    /// <summary>The model whose encoder made it.</summary>
    public ModelVersion Model { get; }

    /// <summary>The state of the model's provisional rows that it was made with.</summary>
    public int Generation { get; }

    /// <summary>How many events are in.</summary>
    public long Events => _encoder.Events;

    /// <summary>When the event taken in last happened; null before the first.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>h, shape (H); zeros before the first event.</summary>
    public ReadOnlySpan<float> History => _encoder.History;

    /// <summary>The state after these events, oldest first; null if the model has no encoder to make one.</summary>
    public static SequenceState? Replay(ModelSnapshot model, IReadOnlyList<UserEvent> events)
    {
        if (model.Response is not { Shape.Encoder: not ResponseEncoder.None } response
            || !response.Fits(model.Factors.Rank))
        {
            return null;
        }

        var state = new SequenceState(model, response.Network);
        foreach (var e in events)
        {
            state.Advance(e, model);
        }

        return state;
    }

    /// <summary>True if it was made by the encoder, and with the rows, of <paramref name="model"/>.</summary>
    public bool IsOf(ModelSnapshot model) => model.Version == Model && model.Generation == Generation;

    /// <summary>Takes one more event in. Throws if the state is of another model.</summary>
    public void Advance(UserEvent e, ModelSnapshot model)
    {
        if (!IsOf(model) || model.Response is not { } response)
        {
            throw new ArgumentException($"The state is of {Model}, not of {model.Version}.", nameof(model));
        }

        var row = e.Item is { } item ? model.Factors.RowOf(item) : -1;
        var x = ArrayPool<float>.Shared.Rent(response.Shape.EventWidth);
        try
        {
            var features = x.AsSpan(0, response.Shape.EventWidth);
            EventFeatures.Fill(e, LastAt, row < 0 ? [] : model.Factors.Row(row), features);
            response.Network.Step(_encoder, features);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(x);
        }

        LastAt = e.At;
    }
}
