using System.Numerics.Tensors;
using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Profiles;

/// <summary>A user's taste: his history folded into the factor space, <c>u = Σ_j r_uj in_j F_j</c>, with r his row of
/// the behaviour matrix; of plain SVD <c>u = r V</c>. For a user the model was trained on it equals his row of
/// <see cref="ModelSnapshot.Users"/>.</summary>
public sealed class TasteVector
{
    // The profile's sums are seen from its own reference time; the matrix from the model's.
    private readonly double _rebase;
    private int _knownItems;

    private TasteVector(ModelSnapshot model, double rebase)
    {
        (Model, Generation) = (model.Version, model.Generation);
        Values = new float[model.Factors.Rank];
        _rebase = rebase;
    }

    /// <summary>The model whose factors it was folded with.</summary>
    public ModelVersion Model { get; }

    /// <summary>The state of the model's provisional rows that it was folded with.</summary>
    public int Generation { get; }

    /// <summary>u, shape (k).</summary>
    public float[] Values { get; }

    /// <summary>True if no item of the history is known to the model.</summary>
    public bool IsCold => _knownItems == 0;

    /// <summary>True if it was folded with the rows of <paramref name="model"/>.</summary>
    public bool IsOf(ModelSnapshot model) => model.Version == Model && model.Generation == Generation;

    /// <summary>Folds a whole history in, O(items · k). Throws if the profile was made with other weights than the
    /// model: it must be rebuilt from the log first.</summary>
    public static TasteVector Fold(UserProfile profile, ModelSnapshot model) => Fold(profile, model, trainedOnly: false);

    /// <summary>The same of the items trained on alone: what a user can tell of a new item without the new item
    /// speaking for itself.</summary>
    public static TasteVector FoldTrained(UserProfile profile, ModelSnapshot model) =>
        Fold(profile, model, trainedOnly: true);

    /// <summary>Follows one event of the profile that the vector was folded from, O(k).</summary>
    public void Move(ProfileChange change, ModelSnapshot model)
    {
        if (change.Touched is { } touched)
        {
            Move(touched.Item, touched.Before, touched.After, model);
        }

        if (change.Dropped is { } dropped)
        {
            Move(dropped.Item, dropped.Before, dropped.After, model);
        }
    }

    /// <summary>The matrix entry r_uj of an item with this decayed sum in the profile.</summary>
    public float Entry(double decayedSum) => BehaviourWeights.Entry(decayedSum * _rebase);

    /// <summary>Moves the vector when the history of one item changed, O(k): <c>u += (r′ − r) in_j F_j</c>. The sums
    /// are those of the profile that it was folded from.</summary>
    public void Move(ItemId item, double decayedSumBefore, double decayedSumAfter, ModelSnapshot model)
    {
        if (!IsOf(model))
        {
            throw new ArgumentException(
                $"The vector was folded with other rows, of {Model}, than those of {model.Version}.", nameof(model));
        }

        var (before, after) = (Entry(decayedSumBefore), Entry(decayedSumAfter));
        var row = model.Factors.RowOf(item);
        if (row < 0 || before == after)
        {
            return;
        }

        var weight = (after - before) * model.HistoryWeights[row];
        TensorPrimitives.MultiplyAdd(model.Factors.Row(row), weight, Values, Values);
        _knownItems += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
        if (_knownItems == 0)
        {
            Array.Clear(Values); // Nothing is left of the history, so no rounding may be left either.
        }
    }

    private static TasteVector Fold(UserProfile profile, ModelSnapshot model, bool trainedOnly)
    {
        if (profile.Weights != model.Weights)
        {
            throw new ArgumentException(
                "The profile's weights are not the model's: rebuild it from the log.", nameof(profile));
        }

        var taste = new TasteVector(model, model.Weights.RebaseFactor(profile.Reference, model.Reference));
        foreach (var (item, history) in profile.HeldItems)
        {
            if (!trainedOnly || model.Factors.SourceOf(item) == FactorSource.Trained)
            {
                taste.Move(item, 0, history.DecayedSum, model);
            }
        }

        return taste;
    }
}
