using System.Numerics.Tensors;
using CouponGrains.Training.Offers.Judgement;

namespace CouponGrains.Training.Offers;

/// <summary>
/// Mode-specific normalisation of a vector: a scope as the prototype that it lies nearest to, how near it lies, and
/// which way it leans from there.
/// <code>
///   s = f p + √(1 − f²) w,     w = ρ l + √(1 − ρ²) ε  made orthogonal to p and of length 1,   ε even on the sphere
/// </code>
/// p is a category's own vector or that of the whole cart, f = s · p its focus, l one of a few directions that the
/// rests of real scopes lie around, and ρ the length of the mean of those that do (the moment that fits a von
/// Mises–Fisher distribution, Banerjee et al. 2005). A network that puts out all coordinates of s blurs what real
/// scopes choose between. </summary>
/// <param name="Prototypes">Unit vectors, shape (prototypes)(k); those of zeros stand for nothing.</param>
/// <param name="Leans">l, shape (at most 32)(k).</param>
/// <param name="Lengths">ρ of each.</param>
internal sealed record ScopeModes(float[][] Prototypes, float[][] Leans, float[] Lengths)
{
    private const int LeansMax = 32;

    // Draws of ε until the scope lies nearest to its own prototype; after so many in vain it is moved nearer to it.
    private const int DrawsMax = 32;
    private const double Nearer = 0.9;

    /// <summary>Finds the leans of scopes (unit vectors), at least one.</summary>
    public static ScopeModes Fit(IReadOnlyList<float[]> scopes, float[][] prototypes, Random random)
    {
        var modes = new ScopeModes(prototypes, [], []);
        var rests = scopes.Select(s => modes.Rest(s, modes.Nearest(s))).ToArray();
        var leans = UserSegments.Find([.. rests.SelectMany(r => r)], scopes[0].Length, random, LeansMax);
        var sums = leans.Centroids.Select(_ => (Sum: 0.0, Count: 0)).ToArray();
        foreach (var rest in rests)
        {
            var lean = leans.Nearest(rest);
            sums[lean] = (sums[lean].Sum + TensorPrimitives.Dot<float>(rest, leans.Centroids[lean]), sums[lean].Count + 1);
        }

        return new(prototypes, leans.Centroids,
            [.. sums.Select(s => s.Count == 0 ? 1 : (float)Math.Clamp(s.Sum / s.Count, 0, 1))]);
    }

    /// <summary>The nearest prototype.</summary>
    public int Nearest(float[] scope) => new UserSegments(Prototypes, []).Nearest(scope);

    /// <summary>The nearest prototype, the focus, and the nearest lean.</summary>
    public (int Prototype, double Focus, int Lean) Write(float[] scope)
    {
        var prototype = Nearest(scope);
        return (prototype, TensorPrimitives.Dot<float>(scope, Prototypes[prototype]),
            new UserSegments(Leans, []).Nearest(Rest(scope, prototype)));
    }

    /// <summary>A scope with such a prototype, focus and lean, ε from the dice.</summary>
    public float[] Read(int prototype, double focus, int lean, Random random)
    {
        var away = 1 - Math.Clamp(focus, 0, 1);
        for (var draw = 1; ; draw++)
        {
            var rest = Rest(Around(lean, random), prototype);
            var (scope, near) = (new float[rest.Length], 1 - away);
            TensorPrimitives.Multiply(rest, (float)Math.Sqrt(1 - (near * near)), scope);
            TensorPrimitives.MultiplyAdd(Prototypes[prototype], (float)near, scope, scope);
            if (away < 1e-3 || Nearest(scope) == prototype)
            {
                return DesignCode.Unit(scope);
            }

            away *= draw % DrawsMax == 0 ? Nearer : 1;
        }
    }

    private float[] Around(int lean, Random random)
    {
        var even = DesignCode.Unit([.. Leans[lean].Select(_ => (float)Normal.Draw(random))]);
        var direction = new float[even.Length];
        TensorPrimitives.Multiply(even, MathF.Sqrt(1 - (Lengths[lean] * Lengths[lean])), direction);
        TensorPrimitives.MultiplyAdd(Leans[lean], Lengths[lean], direction, direction);
        return direction;
    }

    // What is orthogonal to the prototype, of length 1; zeros if nothing is.
    private float[] Rest(float[] scope, int prototype)
    {
        var rest = new float[scope.Length];
        var along = TensorPrimitives.Dot<float>(scope, Prototypes[prototype]);
        TensorPrimitives.MultiplyAdd(Prototypes[prototype], -along, scope, rest);
        return DesignCode.Unit(rest);
    }
}
