using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Models;

/// <summary>One published model, whole and immutable, as every silo holds it. Readers take the reference once and keep
/// to it for the length of one answer.</summary>
/// <remarks>The score of item i for user u is
/// <c>s(u,i) = Σ_j r_uj [ in_j · out_i · (F_j · F_i) + N_ji ]</c> over the items j of his history: with the taste
/// <c>u = Σ_j r_uj in_j F_j</c> a dot product plus a short sparse sum. Plain SVD is <c>in = out = 1</c>, no N and
/// <c>F = V</c>.</remarks>
public sealed record ModelSnapshot
{
    /// <summary>Its version.</summary>
    public required ModelVersion Version { get; init; }

    /// <summary>0 for a model as trained; with provisional rows another number each time that they change. The number
    /// is the silo's own, so that what was computed with the rows is computed anew.</summary>
    public int Generation { get; init; }

    /// <summary>F.</summary>
    public required ItemFactors Factors { get; init; }

    /// <summary>in: how strongly each item of a history speaks, not negative, shape (items); ones unless
    /// given.</summary>
    public float[] HistoryWeights
    {
        get => field ??= Ones(Factors.Items.Count);
        init;
    }

    /// <summary>out: how strongly each item is recommended, not negative, shape (items); ones unless given.</summary>
    public float[] TargetWeights
    {
        get => field ??= Ones(Factors.Items.Count);
        init;
    }

    /// <summary>N.</summary>
    public ItemNeighbours Neighbours { get; init; } = ItemNeighbours.None;

    /// <summary>The k lengths of the columns of the training users' tastes; of plain SVD the singular values Σ,
    /// descending.</summary>
    public required float[] SingularValues { get; init; }

    /// <summary>For each item row, its popularity: the column sum of R over the largest column sum, 0 to 1.</summary>
    public required float[] Popularity { get; init; }

    /// <summary>How R was weighted.</summary>
    public required BehaviourWeights Weights { get; init; }

    /// <summary>T of <see cref="BehaviourWeights"/>: the time of the newest event trained on.</summary>
    public required DateTimeOffset Reference { get; init; }

    /// <summary>Each training user's taste (of plain SVD U Σ), for «similar users»; null where it was left
    /// out.</summary>
    public UserFactors? Users { get; init; }

    /// <summary>Who uses which coupon; null where it was not trained.</summary>
    public ResponseModel? Response { get; init; }

    /// <summary>Every other tensor of the artifact by name (for example the generator's weights).</summary>
    public IReadOnlyDictionary<string, ModelTensor> Tensors { get; init; } = new Dictionary<string, ModelTensor>();

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }
}

/// <summary>The tastes of the users trained on, of plain SVD <c>U Σ</c>.</summary>
/// <param name="Users">The user of each row.</param>
/// <param name="Rank">k.</param>
/// <param name="Values">Row by row, shape (users, k).</param>
public sealed record UserFactors(IReadOnlyList<UserId> Users, int Rank, float[] Values);

/// <summary>A named array of the artifact.</summary>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Its values, row-major; the product of the dimensions.</param>
public sealed record ModelTensor(IReadOnlyList<int> Shape, float[] Values);
