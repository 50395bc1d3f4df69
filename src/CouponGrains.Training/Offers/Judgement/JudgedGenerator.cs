using System.Numerics.Tensors;

namespace CouponGrains.Training.Offers.Judgement;

/// <summary>The network that designs offers, over judged designs: the same generator, critic and loop as in a model, with a
/// code made of whatever columns the designs have. So our generator stands in the table beside others on any file of
/// designs.</summary>
public sealed class JudgedGenerator
{
    /// <summary>A number with no more different values than this is a choice among them: steps stay steps.</summary>
    private const int StepsMax = 24;

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
        var columns = DesignColumns.Of(real, StepsMax);
        var examples = real.Select(d => new DesignExample(columns.Condition(d.Condition), columns.Write(d), 1)).ToList();
        var layers = OfferGanTraining.Train(examples, columns.Blocks, options, report, cancel);
        return new(layers, columns, real);
    }

    /// <summary>Draws designs; conditions as often as in the designs that were learned from. A design that lies nearer to
    /// one of these than percentile 5 of the distances among them is as good as a copy, and is drawn again.</summary>
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

/// <summary>How judged designs are written for the network: a one-hot for each choice and each number of few values, mode
/// and place for each other number; columns of one value are left out.</summary>
internal sealed class DesignColumns
{
    private readonly string[][] _levels;
    private readonly double[]?[] _steps;
    private readonly ValueModes?[] _modes;
    private readonly double[] _only;
    private readonly string[] _conditions;

    private DesignColumns(string[][] levels, double[]?[] steps, ValueModes?[] modes, double[] only, string[] conditions)
    {
        (_levels, _steps, _modes, _only, _conditions) = (levels, steps, modes, only, conditions);
        Blocks =
        [
            .. levels.Where((l, i) => IsDesigned(i) && l.Length > 1).Select(l => CodeBlock.Of(BlockShape.Choice, l.Length)),
            .. Enumerable.Range(0, only.Length).SelectMany(NumberBlocks),
        ];
    }

    /// <summary>What a code is made of.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    public static DesignColumns Of(IReadOnlyList<JudgedDesign> real, int stepsMax)
    {
        var levels = DesignSpace.ChoiceNames.Select((_, i) => real.Select(d => DesignSpace.Choices(d)[i])
            .Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var numbers = Enumerable.Range(0, DesignSpace.NumberCount)
            .Select(i => real.Select(d => DesignSpace.Numbers(d)[i]).ToArray()).ToArray();
        var values = numbers.Select(column => column.Distinct().Order().ToArray()).ToArray();
        return new(levels,
            [.. values.Select(v => v.Length > 1 && v.Length <= stepsMax ? v : null)],
            [.. values.Zip(numbers, (v, column) => v.Length > stepsMax ? ValueModes.Fit(column) : null)],
            [.. values.Select(v => v[0])], levels[2]);
    }

    /// <summary>One-hot among the conditions that were seen.</summary>
    public float[] Condition(string condition) => Hot(_conditions.Length, Array.IndexOf(_conditions, condition));

    public float[] Write(JudgedDesign design)
    {
        var (code, choices, numbers) = (new List<float>(), DesignSpace.Choices(design), DesignSpace.Numbers(design));
        for (var i = 0; i < choices.Length; i++)
        {
            if (IsDesigned(i) && _levels[i].Length > 1)
            {
                code.AddRange(Hot(_levels[i].Length, Array.IndexOf(_levels[i], choices[i])));
            }
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            if (_steps[i] is { } steps)
            {
                code.AddRange(Hot(steps.Length, Array.IndexOf(steps, numbers[i])));
            }
            else if (_modes[i] is { } modes)
            {
                var (mode, place) = modes.Write(numbers[i]);
                code.AddRange([.. Hot(modes.Count, mode), place]);
            }
        }

        return [.. code];
    }

    /// <summary>A design from the network's raw output; choices are draws.</summary>
    public JudgedDesign Read(ReadOnlySpan<float> o, string condition, Random random)
    {
        var (choices, numbers, at) = (new string[_levels.Length], new double[_only.Length], 0);
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = !IsDesigned(i) ? condition
                : _levels[i].Length == 1 ? _levels[i][0] : _levels[i][Draw(o, ref at, _levels[i].Length, random)];
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = _only[i];
            if (_steps[i] is { } steps)
            {
                numbers[i] = steps[Draw(o, ref at, steps.Length, random)];
            }
            else if (_modes[i] is { } modes)
            {
                var mode = Draw(o, ref at, modes.Count, random);
                numbers[i] = modes.Read(mode, Math.Tanh(o[at++]));
            }
        }

        return DesignSpace.Design(numbers, choices);
    }

    // All choices but the condition.
    private static bool IsDesigned(int choice) => DesignSpace.ChoiceNames[choice] != "condition";

    private IEnumerable<CodeBlock> NumberBlocks(int i) => (_steps[i], _modes[i]) switch
    {
        ({ } steps, _) => [CodeBlock.Of(BlockShape.Choice, steps.Length)],
        (_, { } modes) => [CodeBlock.Of(BlockShape.Choice, modes.Count), CodeBlock.Of(BlockShape.Signed, 1)],
        _ => [],
    };

    private static float[] Hot(int width, int place)
    {
        var hot = new float[width];
        if (place >= 0)
        {
            hot[place] = 1;
        }

        return hot;
    }

    // The highest of scores with Gumbel noise is a draw from their softmax.
    private static int Draw(ReadOnlySpan<float> o, ref int at, int width, Random random)
    {
        var (best, top) = (0, double.NegativeInfinity);
        for (var i = 0; i < width; i++)
        {
            var score = o[at + i] - Math.Log(-Math.Log(Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6)));
            (best, top) = score > top ? (i, score) : (best, top);
        }

        at += width;
        return best;
    }
}
