using System.Numerics.Tensors;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>The network that designs offers, over judged designs: the same generator, critic and loop as in a model,
/// with a code made of whatever columns the designs have. So our generator stands in the table beside others on any
/// file of designs.</summary>
public sealed class JudgedGenerator
{
    /// <summary>Draws for one design before one that is near a real one is taken all the same.</summary>
    private const int DrawsMax = 50;

    private readonly IReadOnlyList<DenseLayer> _layers;
    private readonly DesignColumns _columns;
    private readonly string[] _conditions;
    private readonly DesignSpace _space;
    private readonly float[][] _real;
    private readonly double _nearest;

    private JudgedGenerator(
        IReadOnlyList<DenseLayer> layers, DesignColumns columns, IReadOnlyList<JudgedDesign> real)
    {
        (_layers, _columns, _space) = (layers, columns, DesignSpace.Of(real));
        _conditions = [.. real.Select(d => d.Condition)];
        _real = [.. real.Select(_space.Place)];
        _nearest = AreaUnderCurve.At(Neighbourhoods.NearestAmong(_real), 0.05);
    }

    /// <summary>Trains on designs, at least one. Deterministic for a seed.</summary>
    /// <param name="real">The designs.</param>
    /// <param name="options">See there.</param>
    /// <param name="report">Called after each epoch with its number and the estimated Wasserstein distance.</param>
    /// <param name="cancel">Looked at in every step.</param>
    public static JudgedGenerator Train(
        IReadOnlyList<JudgedDesign> real, OfferGanOptions options, Action<int, double> report, CancellationToken cancel)
    {
        var columns = DesignColumns.Of(real);
        var examples = real.Select(d => new DesignExample(columns.Condition(d.Condition), columns.Write(d), 1)).ToList();
        var layers = OfferGanTraining.Train(examples, columns.Blocks, options, passed => report(passed.Epoch, passed.Distance), cancel);
        return new(layers, columns, real);
    }

    /// <summary>Draws designs; conditions as often as in the designs that were learned from. A design that lies nearer
    /// to one of these than percentile 5 of the distances among them is as good as a copy, and is drawn
    /// again.</summary>
    public IReadOnlyList<JudgedDesign> Draw(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => Draw(random))];

    private JudgedDesign Draw(Random random)
    {
        var condition = _conditions[random.Next(_conditions.Length)];
        var y = _columns.Condition(condition);
        for (var draw = 1; ; draw++)
        {
            var z = Enumerable.Range(0, OfferGan.Noise).Select(_ => (float)Normal.Draw(random));
            var design = _columns.Read(GeneratorWeights.Forward(_layers, [.. z, .. y]), condition, random);
            var place = _space.Place(design);
            if (draw == DrawsMax || !Array.Exists(_real, r => TensorPrimitives.Distance<float>(r, place) < _nearest))
            {
                return design;
            }
        }
    }
}
