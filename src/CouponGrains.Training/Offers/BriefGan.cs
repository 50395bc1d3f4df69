using CouponGrains.Training.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CouponGrains.Training.Offers;

/// <summary>
/// The generative adversarial network of the brief's example, model and loop in one: coupons as rows over the items.
/// <code>
///   G(z) = σ(W₂ drop(lrelu(W₁ z)))      ℝ² → 128 → ℝ¹⁰⁰⁰
///   D(x) = W₄ drop(lrelu(W₃ x))         ℝ¹⁰⁰⁰ → 128 → ℝ, a logit
///   min_D  BCE(D(x), 0.9) + BCE(D(G(z)), 0)       min_G  BCE(D(G(z)), 1)
/// </code>
/// (Goodfellow et al. 2014, with one-sided label smoothing of Salimans et al. 2016.)
/// </summary>
internal sealed class BriefGan : IDisposable
{
    private const int Hidden = 128;
    private const double Slope = 0.2;
    private const double RealLabel = 0.9;

    private readonly BriefExampleOptions _options;
    private readonly torch.Generator _dice;
    private readonly Linear _generatorHidden;
    private readonly Linear _generatorOut;
    private readonly Linear _criticHidden;
    private readonly Linear _criticOut;

    public BriefGan(BriefExampleOptions options)
    {
        LibTorchLoader.Ensure();
        set_num_threads(1);
        _options = options;
        _dice = new((ulong)(uint)options.Seed, CPU);
        _generatorHidden = Layer(options.Noise, Hidden);
        _generatorOut = Layer(Hidden, options.Items);
        _criticHidden = Layer(options.Items, Hidden);
        _criticOut = Layer(Hidden, 1);
    }

    /// <summary>Trains on <paramref name="rows"/>, shape (users)(items); answers the last epoch's mean
    /// losses.</summary>
    public (double Generator, double Critic) Train(float[][] rows, Action<int> report, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var forGenerator = new Adam(
            [.. _generatorHidden.parameters(), .. _generatorOut.parameters()], 1e-3, 0.5);
        var forCritic = new Adam([.. _criticHidden.parameters(), .. _criticOut.parameters()], 2e-4, 0.5);
        var order = Enumerable.Range(0, rows.Length).ToArray();
        var random = new Random(_options.Seed);
        var losses = (Generator: 0.0, Critic: 0.0);
        for (var epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            random.Shuffle(order);
            losses = (0, 0);
            var batches = order.Chunk(_options.Batch).ToList();
            foreach (var batch in batches)
            {
                cancel.ThrowIfCancellationRequested();
                losses.Critic += CriticStep([.. batch.Select(row => rows[row])], forCritic) / batches.Count;
                losses.Generator += GeneratorStep(batch.Length, forGenerator) / batches.Count;
            }

            report(epoch);
        }

        return losses;
    }

    /// <summary>Fresh coupons, values 0 to 1, shape (count)(items); without dropout.</summary>
    public float[][] Generate(int count)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return [.. Made(count, dropout: 0).data<float>().ToArray().Chunk(_options.Items)];
    }

    public void Dispose()
    {
        _generatorHidden.Dispose();
        _generatorOut.Dispose();
        _criticHidden.Dispose();
        _criticOut.Dispose();
        _dice.Dispose();
    }

    private double CriticStep(float[][] rows, Adam optimizer)
    {
        using var scope = NewDisposeScope();
        var real = tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, -1);
        Tensor made;
        using (no_grad())
        {
            made = Made(rows.Length, _options.Dropout);
        }

        return Step(Constant.Sum(Loss(Judge(real), RealLabel), Loss(Judge(made), 0)), optimizer);
    }

    private double GeneratorStep(int count, Adam optimizer)
    {
        using var scope = NewDisposeScope();
        return Step(Loss(Judge(Made(count, _options.Dropout)), 1), optimizer);
    }

    private static double Step(Tensor loss, Adam optimizer)
    {
        optimizer.Descend(loss);
        return loss.item<float>();
    }

    private Tensor Made(int count, double dropout)
    {
        var z = randn([count, _options.Noise], generator: _dice);
        var h = Constant.LeakyRectifier(_generatorHidden.forward(z), Constant.Of(Slope));
        return _generatorOut.forward(Drop(h, dropout)).sigmoid();
    }

    private Tensor Judge(Tensor x) =>
        _criticOut.forward(
            Drop(Constant.LeakyRectifier(_criticHidden.forward(x), Constant.Of(Slope)), _options.Dropout));

    private static Tensor Loss(Tensor logits, double label) =>
        functional.binary_cross_entropy_with_logits(logits, Constant.Of(label).expand_as(logits));

    // Own dropout and own start values: the library's take the dice that everybody shares.
    private Tensor Drop(Tensor x, double share) =>
        share == 0
        ? x
        : x * rand(x.shape, generator: _dice).ge(Constant.Of(share)).to(ScalarType.Float32) / Constant.Of(1 - share);

    private Linear Layer(int inputs, int outputs)
    {
        var layer = Linear(inputs, outputs);
        using var quiet = no_grad();
        var bound = Math.Sqrt(3.0 / inputs);
        layer.weight!.uniform_(-bound, bound, _dice);
        layer.bias!.zero_();
        return layer;
    }
}
