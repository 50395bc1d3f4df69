using CouponGrains.Training.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>An epoch that is over; means over its steps.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Distance">The critic's estimate of the Wasserstein distance.</param>
/// <param name="CriticLoss">What the critic lowers: the penalty less the distance.</param>
/// <param name="GeneratorLoss">What the generator lowers: minus the critic's judgement of what it makes.</param>
internal readonly record struct GanEpoch(int Epoch, double Distance, double CriticLoss, double GeneratorLoss);

/// <summary>The training loop of <see cref="OfferGan"/>. On the CPU with one thread: for layers of 128, more threads
/// only wait for each other, and one is deterministic.</summary>
internal static class OfferGanTraining
{
    /// <summary>Trains on <paramref name="examples"/> and answers the generator as plain weights.</summary>
    /// <param name="examples">At least one; drawn by weight.</param>
    /// <param name="prototypes">What scopes lie near to, see <see cref="ScopeModes"/>.</param>
    /// <param name="options">See there.</param>
    /// <param name="report">Called after each epoch.</param>
    /// <param name="cancel">Looked at in every step.</param>
    public static GeneratorWeights Train(
        IReadOnlyList<DesignExample> examples, float[][] prototypes, OfferGanOptions options,
        Action<GanEpoch> report, CancellationToken cancel)
    {
        var columns = OfferColumns.Fit([.. examples.Select(e => e.Design)], prototypes, new(options.Seed));
        var codes = examples.Select(e => e with { Design = columns.Write(e.Design) }).ToList();
        return new(Train(codes, columns.Blocks, options, report, cancel), columns);
    }

    /// <summary>Trains on codes made of <paramref name="blocks"/> and answers the layers of the generator.</summary>
    public static IReadOnlyList<DenseLayer> Train(
        IReadOnlyList<DesignExample> examples, IReadOnlyList<CodeBlock> blocks, OfferGanOptions options,
        Action<GanEpoch> report, CancellationToken cancel)
    {
        LibTorchLoader.Ensure();
        set_num_threads(1);
        var device = options.Place();
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator((ulong)(uint)options.Seed, device);
        using var gan = new OfferGan(examples[0].Condition.Length, blocks, dice, device, options.Dropout);
        var loop = new Loop(gan, examples, options, device);
        var steps = Math.Max(1, examples.Count / options.Batch);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var (distance, critic, generator) = (0.0, 0.0, 0.0);
            for (var step = 0; step < steps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                var passed = loop.Step();
                distance += passed.Distance / steps;
                critic += passed.Critic / steps;
                generator += passed.Generator / steps;
            }

            report(new(epoch, distance, critic, generator));
        }

        return loop.End();
    }

    private sealed class Loop
    {
        private readonly OfferGan _gan;
        private readonly OfferGanOptions _options;
        private readonly Adam _forGenerator;
        private readonly Adam _forCritic;
        private readonly RunningMean _mean;
        private readonly ConditionScale _conditions;
        private readonly ExampleDraw _draw;
        private readonly Tensor _penalty;

        public Loop(OfferGan gan, IReadOnlyList<DesignExample> examples, OfferGanOptions options, Device device)
        {
            (_gan, _options) = (gan, options);
            _forGenerator = new(gan.Generator.Parameters, options.LearningRate, 0.5, 0.9);
            _forCritic = new(gan.Critic.Parameters, options.LearningRate, 0.5, 0.9);
            _mean = new(gan.Generator.Parameters, options.Averaging);
            _conditions = ConditionScale.Of(examples);
            _draw = new(examples, _conditions, new(options.Seed), device);
            _penalty = Constant.Of(options.Penalty, device);
        }

        /// <summary>Some steps of the critic, one of the generator; answers the estimated distance and both
        /// losses.</summary>
        public (double Distance, double Critic, double Generator) Step()
        {
            var (distance, critic) = (0.0, 0.0);
            for (var i = 0; i < _options.CriticSteps; i++)
            {
                var (estimate, loss) = CriticStep();
                distance += estimate / _options.CriticSteps;
                critic += loss / _options.CriticSteps;
            }

            var generator = GeneratorStep();
            _mean.Follow();
            return (distance, critic, generator);
        }

        /// <summary>The layers of the mean generator, for conditions as they are.</summary>
        public IReadOnlyList<DenseLayer> End()
        {
            _mean.Settle();
            var layers = GeneratorWeights.Take(_gan.Generator);
            return [_conditions.TakenInto(layers[0]), .. layers.Skip(1)];
        }

        // min E D(G(z, y)) − E D(x) + λ penalty; answers the estimate E D(x) − E D(G(z, y)) and the loss.
        private (double Estimate, double Loss) CriticStep()
        {
            using var scope = NewDisposeScope();
            var (real, y) = _draw.Next(_options.Batch);
            Tensor made;
            using (no_grad())
            {
                made = _gan.Generate(y);
            }

            var (distance, excess) = _gan.Compare(real, made, y);
            var loss = Constant.Difference(_penalty * excess, distance);
            _forCritic.Descend(loss);
            return (distance.item<float>(), loss.item<float>());
        }

        // min − E D(G(z, y))
        private double GeneratorStep()
        {
            using var scope = NewDisposeScope();
            var (_, y) = _draw.Next(_options.Batch);
            var loss = -_gan.Judge(_gan.Generate(y), y);
            _forGenerator.Descend(loss);
            return loss.item<float>();
        }
    }

    /// <summary>Draws batches by weight.</summary>
    private sealed class ExampleDraw
    {
        private readonly Tensor _designs;
        private readonly Tensor _conditions;
        private readonly double[] _sums;
        private readonly Random _random;

        /// <summary>Makes its tensors in the current scope, which must outlive it.</summary>
        public ExampleDraw(
            IReadOnlyList<DesignExample> examples, ConditionScale conditions, Random random, Device device)
        {
            _random = random;
            _designs = Rows(examples.Select(e => e.Design), device);
            _conditions = Rows(examples.Select(e => conditions.Standardise(e.Condition)), device);
            _sums = new double[examples.Count];
            var sum = 0.0;
            for (var i = 0; i < _sums.Length; i++)
            {
                _sums[i] = sum += examples[i].Weight;
            }
        }

        public (Tensor Designs, Tensor Conditions) Next(int batch)
        {
            var chosen = new long[batch];
            for (var i = 0; i < batch; i++)
            {
                var at = Array.BinarySearch(_sums, _random.NextDouble() * _sums[^1]);
                chosen[i] = Math.Min(at < 0 ? ~at : at, _sums.Length - 1);
            }

            var rows = tensor(chosen, device: _designs.device);
            return (_designs.index_select(0, rows), _conditions.index_select(0, rows));
        }

        private static Tensor Rows(IEnumerable<float[]> rows, Device device)
        {
            float[][] all = [.. rows];
            return tensor(all.SelectMany(r => r).ToArray(), device: device).reshape(all.Length, -1);
        }
    }
}
