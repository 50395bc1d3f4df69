using CouponGrains.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>How the generator is trained.</summary>
public sealed record OfferGanOptions
{
    /// <summary>Passes over the examples.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Examples in one step; a multiple of 4, which the critic judges at once.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Steps of the critic for each of the generator.</summary>
    public int CriticSteps { get; init; } = 2;

    /// <summary>Adam's step size.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>λ of the gradient penalty.</summary>
    public double Penalty { get; init; } = 10;

    /// <summary>The share of hidden units dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The share of the old in the running mean of the generator's weights, which is what is kept: single
    /// steps of such a game jump about, their mean does not (Yazıcı et al. 2019). 0 keeps the last step.</summary>
    public double Averaging { get; init; } = 0.99;

    /// <summary>The numbers of the brief's example: dropout 0.3, 100 epochs, batches of 32.</summary>
    public static OfferGanOptions Brief { get; } = new() { Dropout = 0.3, Epochs = 100, Batch = 32 };

    /// <summary>Seed of weights, noise and the order of examples.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>The training loop of <see cref="OfferGan"/>, on the CPU with one thread: for layers of 128, more threads
/// only wait for each other, and one is deterministic.</summary>
internal static class OfferGanTraining
{
    /// <summary>Trains on <paramref name="examples"/> and answers the generator as plain weights.</summary>
    /// <param name="examples">At least one; drawn by weight.</param>
    /// <param name="options">See there.</param>
    /// <param name="report">Called after each epoch with its number (from 1) and the estimated Wasserstein
    /// distance.</param>
    /// <param name="cancel">Looked at in every step.</param>
    public static GeneratorWeights Train(
        IReadOnlyList<DesignExample> examples, OfferGanOptions options, Action<int, double> report,
        CancellationToken cancel)
    {
        var coordinates = DesignCoordinates.Of(examples);
        var standard = examples.Select(e => e with { Design = coordinates.Standardise(e.Design) }).ToList();
        return new(Train(standard, DesignCode.Blocks(coordinates), options, report, cancel),
            coordinates.Mean[DesignCode.Fixed..], coordinates.Scale[DesignCode.Fixed..]);
    }

    /// <summary>Trains on codes made of <paramref name="blocks"/>, already standardised, and answers the layers of
    /// the generator.</summary>
    public static IReadOnlyList<DenseLayer> Train(
        IReadOnlyList<DesignExample> examples, IReadOnlyList<CodeBlock> blocks, OfferGanOptions options,
        Action<int, double> report, CancellationToken cancel)
    {
        LibTorchLoader.Ensure();
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator((ulong)(uint)options.Seed, CPU);
        using var gan = new OfferGan(examples[0].Condition.Length, blocks, dice, options.Dropout);
        var forGenerator = new Adam(gan.Generator.parameters(), options.LearningRate, 0.5, 0.9);
        var forCritic = new Adam(gan.Critic.parameters(), options.LearningRate, 0.5, 0.9);
        var mean = new RunningMean(gan.Generator.parameters(), options.Averaging);
        var draw = new ExampleDraw(examples, new(options.Seed));
        var steps = Math.Max(1, examples.Count / options.Batch);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var distance = 0.0;
            for (var step = 0; step < steps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = 0; i < options.CriticSteps; i++)
                {
                    distance += CriticStep(gan, forCritic, draw, options) / (steps * options.CriticSteps);
                }

                GeneratorStep(gan, forGenerator, draw, options);
                mean.Follow();
            }

            report(epoch, distance);
        }

        mean.Settle();
        return GeneratorWeights.Take(gan.Generator);
    }

    // min E D(G(z, y)) − E D(x) + λ penalty; answers the estimate E D(x) − E D(G(z, y)).
    private static double CriticStep(OfferGan gan, Adam optimizer, ExampleDraw draw, OfferGanOptions options)
    {
        using var scope = NewDisposeScope();
        var (real, y) = draw.Next(options.Batch);
        Tensor made;
        using (no_grad())
        {
            made = gan.Generate(y);
        }

        var distance = Constant.Difference(gan.Judge(real, y).mean(), gan.Judge(made, y).mean());
        var loss = Constant.Difference(Constant.Of(options.Penalty) * gan.GradientPenalty(real, made, y), distance);
        optimizer.Descend(loss);
        return distance.item<float>();
    }

    // min − E D(G(z, y))
    private static void GeneratorStep(
        OfferGan gan, Adam optimizer, ExampleDraw draw, OfferGanOptions options)
    {
        using var scope = NewDisposeScope();
        var (_, y) = draw.Next(options.Batch);
        var loss = -gan.Judge(gan.Generate(y), y).mean();
        optimizer.Descend(loss);
    }

    /// <summary>Draws batches by weight.</summary>
    private sealed class ExampleDraw
    {
        private readonly IReadOnlyList<DesignExample> _examples;
        private readonly double[] _sums;
        private readonly Random _random;

        public ExampleDraw(IReadOnlyList<DesignExample> examples, Random random)
        {
            (_examples, _random) = (examples, random);
            _sums = new double[examples.Count];
            var sum = 0.0;
            for (var i = 0; i < _sums.Length; i++)
            {
                _sums[i] = sum += examples[i].Weight;
            }
        }

        public (Tensor Designs, Tensor Conditions) Next(int batch)
        {
            var (designs, conditions) = (new List<float>(), new List<float>());
            for (var i = 0; i < batch; i++)
            {
                var at = Array.BinarySearch(_sums, _random.NextDouble() * _sums[^1]);
                var chosen = Math.Min(at < 0 ? ~at : at, _sums.Length - 1);
                designs.AddRange(_examples[chosen].Design);
                conditions.AddRange(_examples[chosen].Condition);
            }

            return (tensor(designs.ToArray()).reshape(batch, -1), tensor(conditions.ToArray()).reshape(batch, -1));
        }
    }
}
