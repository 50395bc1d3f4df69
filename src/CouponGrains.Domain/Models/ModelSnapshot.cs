using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models;

/// <summary>One published model, whole and immutable, as every silo holds it. Readers take the reference once and keep
/// to it for the length of one answer.</summary>
public sealed record ModelSnapshot
{
    /// <summary>Its version.</summary>
    public required ModelVersion Version { get; init; }

    /// <summary>V.</summary>
    public required ItemFactors Factors { get; init; }

    /// <summary>Σ, the k singular values, descending.</summary>
    public required float[] SingularValues { get; init; }

    /// <summary>For each item row, its popularity: the column sum of R over the largest column sum, 0 to 1.</summary>
    public required float[] Popularity { get; init; }

    /// <summary>How R was weighted.</summary>
    public required BehaviourWeights Weights { get; init; }

    /// <summary>T of <see cref="BehaviourWeights"/>: the time of the newest event trained on.</summary>
    public required DateTimeOffset Reference { get; init; }

    /// <summary>U Σ, that is each training user's folded-in vector, for «similar users»; null where it was left
    /// out.</summary>
    public UserFactors? Users { get; init; }

    /// <summary>Every other tensor of the artifact by name (for example the generator's weights).</summary>
    public IReadOnlyDictionary<string, ModelTensor> Tensors { get; init; } = new Dictionary<string, ModelTensor>();
}

/// <summary>The folded-in vectors <c>U Σ</c> of the users trained on.</summary>
/// <param name="Users">The user of each row.</param>
/// <param name="Rank">k.</param>
/// <param name="Values">Row by row, shape (users, k).</param>
public sealed record UserFactors(IReadOnlyList<UserId> Users, int Rank, float[] Values);

/// <summary>A named array of the artifact.</summary>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Its values, row-major; the product of the dimensions.</param>
public sealed record ModelTensor(IReadOnlyList<int> Shape, float[] Values);
