using CouponGrains.Domain.Models;

namespace CouponGrains.Domain.Profiles;

/// <summary>A user's taste: his history folded into the factor space, <c>u = r̃ V</c>, with r̃ his row of the behaviour
/// matrix. For a user the model was trained on it equals his row of U Σ.</summary>
public sealed class TasteVector
{
    private TasteVector(ModelVersion model, float[] values)
    {
        Model = model;
        Values = values;
    }

    /// <summary>The model whose factors it was folded with.</summary>
    public ModelVersion Model { get; }

    /// <summary>u, shape (k).</summary>
    public float[] Values { get; }

    /// <summary>True if no item of the history is known to the model.</summary>
    public bool IsCold => throw new NotImplementedException();

    /// <summary>Folds a whole history in, O(items · k).</summary>
    public static TasteVector Fold(UserProfile profile, ModelSnapshot model) => throw new NotImplementedException();

    /// <summary>Moves the vector when the history of one item changed, O(k): <c>u += (r′ − r) V_i</c>.</summary>
    public void Move(ItemId item, double decayedSumBefore, double decayedSumAfter, ModelSnapshot model) => throw new NotImplementedException();
}
