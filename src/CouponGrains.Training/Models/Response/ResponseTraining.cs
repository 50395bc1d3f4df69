using CouponGrains.Domain;
using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Offers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CouponGrains.Training.Models.Response;

/// <summary>A trained response network.</summary>
/// <param name="Weights">As they are served.</param>
/// <param name="Epochs">Passes over the examples of the last fit.</param>
/// <param name="ValidationLoss">The best loss on the validation part.</param>
public sealed record ResponseFit(ResponseWeights Weights, int Epochs, double ValidationLoss);

/// <summary>How far the training of a response model is.</summary>
/// <param name="Epoch">The pass, from 1.</param>
/// <param name="Epochs">The most there will be.</param>
/// <param name="Loss">On the validation part, or while all is fitted on the training part.</param>
/// <param name="TrainingLoss">On the training part, with dropout and penalty, where <paramref name="Loss"/> is on the
/// validation part; null while all is fitted.</param>
public readonly record struct ResponseProgress(int Epoch, int Epochs, double Loss, double? TrainingLoss = null);

/// <summary>The training loop of <see cref="ResponseNet"/>, on the CPU with one thread.</summary>
/// <remarks>The loss is the mean over the four heads of the cross entropy of the outcomes that are known, with outcomes
/// of 1 weighed up to as much as those of 0 together, plus the mean of <c>−ln softmax</c> of each redeemed coupon among
/// those that the user was offered with it (Cao et al. 2007), plus <c>λ/2 ‖θ‖²</c>. A first fit stops when the loss on
/// the newest part no longer falls; its probabilities there calibrate the heads (Platt 1999), which also takes back the
/// weighing up. A second fit takes as many passes over all examples.</remarks>
public static class ResponseTraining
{
    private const double PositiveWeightMax = 1_000;

    /// <summary>Trains. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.TooLittleData"/> without an
    /// example of each outcome of a redemption.</summary>
    /// <param name="contexts">The examples, of one width each.</param>
    /// <param name="options">See there.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <param name="cancel">Looked at in every step.</param>
    public static ResponseFit Train(
        IReadOnlyList<ResponseContext> contexts, ResponseOptions options, IProgress<ResponseProgress>? progress,
        CancellationToken cancel)
    {
        var redeemed = contexts.Sum(c => c.Candidates.Count(x => x.IsRedeemed));
        if (redeemed < 2 || contexts.Sum(c => c.Candidates.Count) == redeemed)
        {
            throw new RefusedException(RefusalCodes.TooLittleData,
                "A response model needs examples of coupons that were redeemed and of coupons that were not.");
        }

        if (options.Members > 1 && options.Encoder != ResponseEncoder.None)
        {
            throw new ArgumentException("Only networks without an encoder are served several as one.", nameof(options));
        }

        LibTorchLoader.Ensure();
        set_num_threads(1);
        var fits = Enumerable.Range(0, Math.Max(1, options.Members))
            .Select(member => TrainOne(contexts, options with { Seed = options.Seed + member }, progress, cancel)).ToList();
        return fits.Count == 1 ? fits[0] : new(
            ResponseExport.Mean([.. fits.Select(f => f.Weights)]), fits.Max(f => f.Epochs), fits.Average(f => f.ValidationLoss));
    }

    private static ResponseFit TrainOne(
        IReadOnlyList<ResponseContext> contexts, ResponseOptions options, IProgress<ResponseProgress>? progress,
        CancellationToken cancel)
    {
        var shape = ShapeOf(contexts, options);
        var (train, validation) = ResponseExamples.Part(contexts, options.ValidationShare, new(options.Seed));
        using var scope = NewDisposeScope();
        using var first = new Run(shape, train, options);
        var (best, kept, loss) = (0, default(ResponseWeights), double.PositiveInfinity);
        for (var epoch = 1; epoch <= options.Epochs && epoch - best <= options.Patience; epoch++)
        {
            var fitted = first.Pass(cancel);
            var now = first.Loss(validation);
            progress?.Report(new(epoch, options.Epochs, now, fitted));
            if (now < loss)
            {
                (best, kept, loss) = (epoch, first.Weights(), now);
            }
        }

        var calibration = ResponseCalibration.Fit(kept ?? first.Weights(), validation, first.PositiveWeights);
        best = Math.Max(1, best);
        using var whole = new Run(shape, contexts, options);
        for (var epoch = 1; epoch <= best; epoch++)
        {
            var fitted = whole.Pass(cancel);
            progress?.Report(new(epoch, best, fitted));
        }

        return new(ResponseExport.Calibrated(whole.Weights(), calibration), best, loss);
    }

    private static ResponseShape ShapeOf(IReadOnlyList<ResponseContext> contexts, ResponseOptions options)
    {
        var (context, candidate) = (contexts[0], contexts.First(c => c.Candidates.Count > 0).Candidates[0]);
        var layered = options.First > 0;
        var encoder = layered ? options.Encoder : ResponseEncoder.None;
        return new(encoder, encoder == ResponseEncoder.None ? 0 : options.EventWidth,
            encoder == ResponseEncoder.None ? 0 : options.Hidden,
            encoder switch { ResponseEncoder.None => 0, ResponseEncoder.Gru => 1, _ => options.Layers },
            context.User.Length, candidate.Coupon.Length, candidate.Pair.Length,
            layered ? options.First : 0, layered ? options.Second : 0);
    }

    /// <summary>A network with its optimiser and examples.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ResponseShape _shape;
        private readonly ResponseOptions _options;
        private readonly List<ResponseContext> _examples;
        private readonly FeatureScale _scale;
        private readonly ResponseNet _net;
        private readonly Adam _adam;
        private readonly Random _random;

        public Run(ResponseShape shape, IReadOnlyList<ResponseContext> examples, ResponseOptions options)
        {
            (_shape, _options, _examples, _random) = (shape, options, [.. examples], new(options.Seed));
            _scale = FeatureScale.Of(examples, shape.UserWidth + shape.CouponWidth + shape.PairWidth);
            PositiveWeights = Weigh(examples);
            var dice = new torch.Generator((ulong)(uint)options.Seed, CPU);
            _net = new(shape, dice, options.Dropout);
            _adam = new(_net.parameters(), options.LearningRate, normMax: options.GradientMax);
        }

        public float[] PositiveWeights { get; }

        public ResponseWeights Weights() => ResponseExport.Take(_net, _shape, _scale);

        public void Dispose() => _net.Dispose();

        /// <summary>One pass in a new order; answers the mean loss.</summary>
        public double Pass(CancellationToken cancel)
        {
            _net.train();
            _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_examples));
            var (sum, steps) = (0.0, 0);
            foreach (var batch in _examples.Chunk(_options.Batch))
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var loss = Constant.Sum(LossOf(batch), Penalty());
                _adam.Descend(loss);
                sum += loss.item<float>();
                steps++;
            }

            return sum / Math.Max(1, steps);
        }

        /// <summary>The mean loss over other contexts, without dropout and without the penalty.</summary>
        public double Loss(IReadOnlyList<ResponseContext> contexts)
        {
            _net.eval();
            using var quiet = no_grad();
            var (sum, count) = (0.0, 0);
            foreach (var batch in contexts.Chunk(_options.Batch))
            {
                using var scope = NewDisposeScope();
                sum += LossOf(batch).item<float>() * batch.Length;
                count += batch.Length;
            }

            return sum / Math.Max(1, count);
        }

        private Tensor LossOf(IReadOnlyList<ResponseContext> contexts)
        {
            var batch = ResponseBatch.Of(contexts, _shape, _scale, PositiveWeights);
            var logits = _net.Logits(batch);
            var each = functional.binary_cross_entropy_with_logits(logits, batch.Outcomes, reduction: Reduction.None);
            var loss = (each * batch.Weights).sum() / maximum(batch.Weights.sum(), Constant.Of(1e-6));
            return batch.Lists is null ? loss : Constant.Sum(loss, Constant.Of(_options.ListWeight) * ListLoss(logits, batch));
        }

        // −ln softmax of the redeemed among what each user was offered at once; places of the padding have no mass.
        private static Tensor ListLoss(Tensor logits, ResponseBatch batch)
        {
            var redeem = logits.select(1, (long)ResponseHead.Redeem);
            var padded = cat([redeem, Constant.Of(-1e4)]).index_select(0, batch.Lists!.flatten()).reshape(batch.Lists.shape);
            return -(padded.log_softmax(1) * batch.Chosen!).sum() / batch.Chosen!.sum();
        }

        private Tensor Penalty()
        {
            var (wide, deep) = _net.Decaying;
            var sum = Constant.Of(_options.WideDecay / 2) * (wide[0] * wide[0]).sum();
            foreach (var weight in deep)
            {
                sum = Constant.Sum(sum, Constant.Of(_options.Decay / 2) * (weight * weight).sum());
            }

            return sum;
        }

        private static float[] Weigh(IReadOnlyList<ResponseContext> examples)
        {
            var (ones, zeros) = (new double[ResponseShape.Heads], new double[ResponseShape.Heads]);
            foreach (var candidate in examples.SelectMany(c => c.Candidates))
            {
                for (var head = 0; head < ResponseShape.Heads; head++)
                {
                    ones[head] += candidate.Outcomes[head] == 1 ? candidate.Weight : 0;
                    zeros[head] += candidate.Outcomes[head] == 0 ? candidate.Weight : 0;
                }
            }

            return [.. ones.Zip(zeros, (o, z) => (float)(o > 0 && z > 0 ? Math.Clamp(z / o, 1 / PositiveWeightMax, PositiveWeightMax) : 1))];
        }
    }
}
