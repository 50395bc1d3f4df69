using System.Numerics.Tensors;

namespace CouponGrains.Domain.Catalog;

/// <summary>What the users who touched an item tell of it that the model in force was trained without. Additive: each
/// event adds its part, in any order, and what is lost on the way is lost as if that user had not come by.
/// Immutable.</summary>
/// <param name="Item">The item.</param>
/// <param name="Model">The model that the tastes are of; under another one they say nothing.</param>
/// <param name="Tastes">Σ Δr · u, shape (k): each event's step of the user's entry r for the item, times his
/// taste.</param>
/// <param name="Mass">Σ Δr; with every user counted, the item's column sum of R.</param>
public sealed record ItemEvidence(ItemId Item, ModelVersion Model, IReadOnlyList<float> Tastes, double Mass)
{
    /// <summary>No evidence yet.</summary>
    public static ItemEvidence None(ItemId item, ModelVersion model, int rank) => new(item, model, new float[rank], 0);

    /// <summary>With one event more.</summary>
    /// <param name="taste">u, shape (k), of the items trained on alone.</param>
    /// <param name="step">Δr, negative for what was given back.</param>
    public ItemEvidence Add(ReadOnlySpan<float> taste, float step)
    {
        if (taste.Length != Tastes.Count)
        {
            throw new ArgumentException($"The taste has {taste.Length} numbers instead of {Tastes.Count}.", nameof(taste));
        }

        float[] tastes = [.. Tastes];
        TensorPrimitives.MultiplyAdd(taste, step, tastes, tastes);
        return this with { Tastes = tastes, Mass = Mass + step };
    }
}
