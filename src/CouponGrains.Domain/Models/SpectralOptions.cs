namespace CouponGrains.Domain.Models;

/// <summary>How the low-pass part weighs the directions of the spectrum. Each shape is σ² with its head damped, so that
/// it mixes with the neighbours, whose unit is σ² too.</summary>
public enum SpectralFilter
{
    /// <summary><c>h(σ) = σ₁² (σ/σ₁)^p</c>, p = <see cref="SpectralOptions.FilterShape"/>: 0 is the ideal low-pass of
    /// GF-CF (cut-off after the rank), 2 the linear filter.</summary>
    Power = 1,

    /// <summary><c>h(σ) = λσ² / (σ² + λ)</c>, λ = <see cref="SpectralOptions.FilterShape"/> times the mean of
    /// <c>diag(R̃ᵀR̃)</c>, each item's score divided by <c>1 − Σ_k V_jk² σ_k²/(σ_k² + λ)</c>. With all the singular
    /// values and without normalisation this ranks unseen items as EASE (Steck 2019) does: its Gram inverse is
    /// <c>(I − V diag(σ²/(σ²+λ)) Vᵀ)/λ</c>, and the division is its constraint of a diagonal of zeros.</summary>
    Ridge,
}

/// <summary>The normalised spectral model, <c>s_u = r_u (N + w D_i⁻ᶜ V h(Σ) Vᵀ D_iᶜ)</c>, where <c>R̃ = D_u⁻ᵃ R D_i⁻ᵇ
/// ≈ U Σ Vᵀ</c> has the user degrees <c>D_u</c> (row sums of R) and item degrees <c>D_i</c> (column sums) divided out.
/// N keeps, of the strongest entries of each row of <c>P = R̃ᵀR̃</c>, what is left of them in <c>P − (τ/σ₁²) V Σ⁴
/// Vᵀ</c>, and has <c>N_jj = ρ P_jj</c> on its diagonal.
/// </summary>
/// <remarks>N is the linear filter of the graph-filter view of collaborative filtering, the rest its low-pass filter
/// (GF-CF, Shen et al. 2021, with a = b = ½, p = 0 and all of N). The term with τ is one step of the sharpening of
/// BSPM (Choi et al. 2023), <c>P (I − τP/σ₁²)</c>, with P² by its leading directions: it damps what everybody has in
/// common. It may turn entries of N negative.</remarks>
public sealed record SpectralOptions
{
    /// <summary>For a shop that has not searched for its own: popular items keep most of their weight, the past is
    /// ranked, and neighbours are few, since they travel to every silo.</summary>
    public static SpectralOptions Shop { get; } = new()
    {
        UserExponent = 0.3, ItemExponent = 0.2, Rank = 64, Neighbours = 100, RepeatWeight = 1,
    };

    /// <summary>a, 0 to 1: how much less each event of a user with many events counts.</summary>
    public double UserExponent { get; init; } = 0.4;

    /// <summary>b, 0 to 1: how much less an item counts for being popular.</summary>
    public double ItemExponent { get; init; } = 0.4;

    /// <summary>Rank of V; the smaller side of the matrix if that is less.</summary>
    public int Rank { get; init; } = 256;

    /// <summary>Shape of the low-pass part.</summary>
    public SpectralFilter Filter { get; init; } = SpectralFilter.Ridge;

    /// <summary>p or λ of the filter, see there; not negative.</summary>
    public double FilterShape { get; init; } = 4;

    /// <summary>w, the weight of the low-pass part beside the neighbours; 0 leaves it out.</summary>
    public double LowPassWeight { get; init; } = 3;

    /// <summary>c: the low-pass part takes an item in with its degree to the power −c and gives scores out with it to
    /// the power c. Above 0 lifts popular items.</summary>
    public double Lift { get; init; }

    /// <summary>Neighbours kept for each item; 0 leaves N out but for its diagonal.</summary>
    public int Neighbours { get; init; } = 500;

    /// <summary>Power that the size of each entry of N beside the diagonal is raised to, its sign kept; below 1 lets
    /// weaker neighbours count for more.</summary>
    public double NeighbourPower { get; init; } = 1;

    /// <summary>τ, how much the head of the spectrum is damped in N; not negative. Above 1 the low-pass part alone
    /// speaks for the head.</summary>
    public double Sharpening { get; init; }

    /// <summary>ρ, how much an item in the history speaks for itself, where people buy again; 0 where the past is not
    /// ranked.</summary>
    public double RepeatWeight { get; init; }
}
