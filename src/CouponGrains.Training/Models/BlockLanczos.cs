namespace CouponGrains.Training.Models;

/// <summary>
/// The k largest singular values and right vectors of R by randomised block Lanczos on <c>G = RᵀR</c> with full
/// re-orthogonalisation (Golub, Luk and Overton 1981; from a random block it finds in q passes at least what q steps of
/// randomised subspace iteration do, Musco and Musco 2015) and thick restart (Wu and Simon 2000):
/// <code>
///   Q₁ = orth(Ω)                               Ω random, shape (n, b)
///   pass j:  Y = Rᵀ(R Q_j),  T_ij = Q_iᵀ Y,  Y ← Y − Σ_i Q_i T_ij       i ≤ j
///            T = W Θ Wᵀ,  v_i = [Q₁ … Q_j] w_i,  residual_i = ‖Y w_i(last block)‖ / θ_k
///            stop if residual_i ≤ tolerance for i ≤ k
///            Q_{j+1} = orth(Y); a direction that died out is drawn anew at random
///            if the basis is full: [Q₁ … Q_j] ← [v₁ … v_p],  T ← diag(θ₁ … θ_p)
///   σ_i = √θ_i,  U Σ = R V
/// </code>
/// The residual costs no product with R, so it is known in every pass for next to nothing. <c>U Σ = R V</c> holds
/// whatever the residual: a user's row is exactly his history folded in.
/// </summary>
/// <typeparam name="TBlock">The device's blocks.</typeparam>
public sealed class BlockLanczos<TBlock>(ISvdBackend<TBlock> backend, SvdOptions options)
{
    private const double Vanishing = 1e-6;  // σ_i / σ_1 below which float arithmetic cannot tell σ_i from 0
    private const double Distinct = 1e-4;   // θ_k / θ_1 above which the Ritz vectors need no last rotation
    private const double Rounding = 1e-6;   // of G in float, relative to θ_1: no residual becomes smaller
    private const double Lost = 0.25;       // of a unit column's square, left by a projection that should take nothing
    private const int Extra = 16;           // columns beyond k that a restart and a warm start keep

    private readonly List<Basis> _basis = [];
    private readonly int _rank = options.Rank;
    private readonly int _width = options.BlockWidth > 0
        ? options.BlockWidth : Math.Clamp(Rounded(options.Rank / 8), 16, 64);

    private double[,] _t = new double[0, 0];
    private int _columns;
    private int _alive;
    private int _drawn;

    /// <summary>Solves; stops between products when cancelled.</summary>
    public SvdFactors Solve(CancellationToken cancel)
    {
        var block = First();
        var capacity = Math.Max(Rounded(3 * _rank), Rounded(_rank) + Extra + (4 * block.Width));
        _t = new double[capacity + block.Width, capacity + block.Width];
        var (due, ritz, refilled) = (Math.Min(_rank + (block.Width / 2), backend.Items), default(Ritz), default(Ritz));
        for (var passes = 1; ; passes++)
        {
            cancel.ThrowIfCancellationRequested();
            var image = Pass(block);
            var gram = backend.Gram(image);
            var whitening = Orthonormal.Whitening(gram, Negligible());
            var dying = Living(whitening) < block.Width && _alive < backend.Items;
            var (last, full) = (passes >= options.IterationsMax, _columns + block.Width > capacity);
            if (_alive >= _rank && (_columns >= due || last || full || dying))
            {
                ritz = Project(gram, block.Width);
                options.Passed?.Invoke(passes, ritz.Residual);
                due = _columns + Math.Max(block.Width, _columns / 8);
                if (last || (ritz.IsSettled(options.Tolerance) && (!dying || ritz.IsLike(refilled))))
                {
                    return Finish(ritz, passes);
                }
            }

            // Directions die out where the basis has an invariant subspace, which may not have all that was asked for:
            // what is drawn anew must have had its chance to change the values.
            refilled = dying ? ritz : refilled;
            block = Next(image, whitening);
            if (block.Living == 0)
            {
                return Finish(Project(gram, block.Width), passes); // The basis holds all there is.
            }

            if (full)
            {
                Restart(ritz!, block.Width);
                due = 0;
            }
        }
    }

    // The square of what rounding alone leaves of a column.
    private double Negligible()
    {
        var largest = Enumerable.Range(0, _columns).Select(i => _t[i, i]).DefaultIfEmpty().Max();
        return Rounding * largest * (Rounding * largest);
    }

    private static int Living(double[,] whitening) =>
        Enumerable.Range(0, whitening.GetLength(0)).Count(i => whitening[i, i] != 0);

    private static int Rounded(int columns) => (columns + 15) / 16 * 16;

    private (TBlock Block, int Width, int Living) First()
    {
        var start = options.Start is null ? 0 : options.Start.Length / backend.Items;
        var width = start == 0 ? _width : Rounded(start + Extra);
        var values = Draw(width, start, Math.Min(width, backend.Items));
        values = options.Start is null ? values : Padded(options.Start, start, values);
        var block = backend.ItemBlock(width);
        backend.Write(block, values);
        return Next(block, Orthonormal.Whitening(backend.Gram(block)));
    }

    // Y = G Q projected off the basis; its products with the basis are the new columns of T.
    private TBlock Pass((TBlock Block, int Width, int Living) block)
    {
        var image = backend.ItemBlock(block.Width);
        backend.MultiplyGram(block.Block, image);
        _basis.Add(new(block.Block, _columns, block.Width));
        _columns += block.Width;
        foreach (var earlier in _basis)
        {
            var product = backend.Cross(earlier.Block, image);
            Subtract(earlier.Block, product, image);
            Record(product, earlier.First, _columns - block.Width);
        }

        return image;
    }

    private void Record(double[,] product, int first, int column)
    {
        for (var i = 0; i < product.GetLength(0); i++)
        {
            for (var j = 0; j < product.GetLength(1); j++)
            {
                _t[first + i, column + j] = product[i, j];
                _t[column + j, first + i] = product[i, j];
            }
        }
    }

    // Y ← Y − A W.
    private void Subtract(TBlock a, double[,] w, TBlock y)
    {
        var negative = new double[w.GetLength(0), w.GetLength(1)];
        for (var i = 0; i < w.GetLength(0); i++)
        {
            for (var j = 0; j < w.GetLength(1); j++)
            {
                negative[i, j] = -w[i, j];
            }
        }

        backend.Combine(a, negative, 0, y, adds: true);
    }

    private Ritz Project(double[,] remainder, int width)
    {
        var t = new double[_columns, _columns];
        for (var i = 0; i < _columns; i++)
        {
            for (var j = 0; j < _columns; j++)
            {
                t[i, j] = _t[i, j];
            }
        }

        var (theta, w) = SymmetricEigen.Decompose(t);
        var (largest, first) = (0.0, _columns - width);
        for (var column = 0; column < Math.Min(_rank, _columns); column++)
        {
            var square = 0.0;
            for (var i = 0; i < width; i++)
            {
                for (var j = 0; j < width; j++)
                {
                    square += w[first + i, column] * remainder[i, j] * w[first + j, column];
                }
            }

            largest = Math.Max(largest, square);
        }

        var smallest = Math.Max(theta[Math.Min(_rank, _columns) - 1], Distinct * theta[0]);
        return new(theta, w, Math.Sqrt(largest) / smallest, Rounding * theta[0] / smallest);
    }

    // Orthonormal, and orthogonal to the basis: once more after the first time, since float arithmetic loses in the
    // scaling what it had.
    private (TBlock Block, int Width, int Living) Next(TBlock image, double[,] first)
    {
        var width = first.GetLength(0);
        var block = backend.ItemBlock(width);
        backend.Combine(image, first, 0, block, adds: false);
        Project(block);
        // A unit column that loses most of itself once more lay in the basis: what is left of it is rounding.
        var second = Orthonormal.Whitening(backend.Gram(block), Lost);
        backend.Combine(block, second, 0, image, adds: false);
        backend.Free(block);
        var living = Living(second);
        if (living < width && _alive + living < backend.Items && _basis.Count > 0)
        {
            living += Refill(image, second, Math.Min(width - living, backend.Items - _alive - living));
        }

        _alive += living;
        return (image, width, living);
    }

    private void Project(TBlock block)
    {
        foreach (var earlier in _basis)
        {
            Subtract(earlier.Block, backend.Cross(earlier.Block, block), block);
        }
    }

    // Random directions in place of columns that are 0; answers how many there are.
    private int Refill(TBlock image, double[,] whitening, int count)
    {
        var width = whitening.GetLength(0);
        var dead = Enumerable.Range(0, width).Where(i => whitening[i, i] == 0).Take(count).ToHashSet();
        var values = Draw(width, 0, width);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = dead.Contains(i % width) ? values[i] : 0;
        }

        var (drawn, clean) = (backend.ItemBlock(width), backend.ItemBlock(width));
        backend.Write(drawn, values);
        var living = 0;
        for (var round = 0; round < 2; round++)
        {
            Project(drawn);
            Subtract(image, backend.Cross(image, drawn), drawn);
            var white = Orthonormal.Whitening(backend.Gram(drawn), round == 0 ? 0 : Lost);
            living = Living(white);
            backend.Combine(drawn, white, 0, clean, adds: false);
            (drawn, clean) = (clean, drawn);
        }

        var identity = new double[width, width];
        for (var i = 0; i < width; i++)
        {
            identity[i, i] = 1;
        }

        backend.Combine(drawn, identity, 0, image, adds: true);
        backend.Free(drawn);
        backend.Free(clean);
        return living;
    }

    private void Restart(Ritz ritz, int next)
    {
        var width = Math.Min(Rounded(_rank + Extra), _columns);
        _alive = Math.Min(_alive, width + next);
        var kept = Combined(ritz.Vectors, width);
        _basis.ForEach(b => backend.Free(b.Block));
        _basis.Clear();
        _basis.Add(new(kept, 0, width));
        Array.Clear(_t);
        for (var i = 0; i < width; i++)
        {
            _t[i, i] = ritz.Values[i];
        }

        _columns = width;
    }

    private TBlock Combined(double[,] w, int width)
    {
        var sum = backend.ItemBlock(width);
        foreach (var part in _basis)
        {
            backend.Combine(part.Block, w, part.First, sum, adds: part.First > 0);
        }

        return sum;
    }

    private SvdFactors Finish(Ritz ritz, int passes)
    {
        var width = Rounded(_rank);
        var items = Combined(ritz.Vectors, width);
        var users = backend.UserBlock(width);
        var squares = ritz.Values;
        if (squares[_rank - 1] < Distinct * squares[0])
        {
            // Beside θ₁ the smallest values are near the rounding of G: R V itself still tells them apart.
            backend.Multiply(items, users);
            (squares, var w) = SymmetricEigen.Decompose(backend.Gram(users));
            var turned = backend.ItemBlock(width);
            backend.Combine(items, w, 0, turned, adds: false);
            items = turned;
        }

        var sigma = Array.ConvertAll(squares[.._rank], square => (float)Math.Sqrt(Math.Max(square, 0)));
        var rank = sigma.Count(s => s > Vanishing * sigma[0]);
        var v = backend.Read(items, width);
        FactorOrder.Align(v, width, sigma.AsSpan(0, rank), Cosines(items));
        backend.Write(items, v);
        backend.Multiply(items, users);
        return new(rank, sigma[..rank], backend.Read(items, rank), backend.Read(users, rank), passes, ritz.Residual)
        {
            Backend = backend.Name,
        };
    }

    // Of the columns of a block with those of the start, which are of unit length; null without a start.
    private double[,]? Cosines(TBlock items)
    {
        if (options.Start is null)
        {
            return null;
        }

        var start = options.Start.Length / backend.Items;
        var before = backend.ItemBlock(Rounded(start));
        backend.Write(before, Padded(options.Start, start, new float[(long)backend.Items * Rounded(start)]));
        var cosines = backend.Cross(items, before);
        backend.Free(before);
        return cosines;
    }

    // Columns as the first ones of a wider block.
    private float[] Padded(float[] columns, int count, float[] block)
    {
        var width = block.Length / backend.Items;
        for (var item = 0; item < backend.Items; item++)
        {
            columns.AsSpan(item * count, count).CopyTo(block.AsSpan(item * width));
        }

        return block;
    }

    // Uniform in (−1, 1) by a counter-based generator (SplitMix64), so that it does not depend on the number of
    // threads. Columns outside from..to are 0.
    private float[] Draw(int width, int from, int to)
    {
        var values = new float[(long)backend.Items * width];
        var stream = ((ulong)(uint)options.Seed << 48) + ((ulong)_drawn++ << 40);
        Parallel.For(0, backend.Items, item =>
        {
            for (var column = from; column < to; column++)
            {
                var place = ((long)item * width) + column;
                var z = stream + ((ulong)(place + 1) * 0x9E3779B97F4A7C15UL);
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                values[place] = ((z ^ (z >> 31)) >> 40) * (2f / (1 << 24)) - 1f;
            }
        });
        return values;
    }

    private readonly record struct Basis(TBlock Block, int First, int Width);

    /// <param name="Values">Θ, descending.</param>
    /// <param name="Vectors">W.</param>
    /// <param name="Residual">The largest of the k.</param>
    /// <param name="Floor">What rounding leaves of it.</param>
    private sealed record Ritz(double[] Values, double[,] Vectors, double Residual, double Floor)
    {
        public bool IsSettled(double tolerance) => Residual <= Math.Max(tolerance, Floor);

        public bool IsLike(Ritz? before) => before is not null && Enumerable.Range(0, before.Values.Length)
            .All(i => Math.Abs(Values[i] - before.Values[i]) <= 10 * Rounding * Values[0]);
    }
}
