namespace CouponGrains.Training.Offers.Judgement;

/// <summary>Takes all measures of one generator against the real designs.</summary>
internal sealed class DesignMeasures
{
    private readonly JudgementOptions _options;
    private readonly DesignSpace _space;
    private readonly DesignTask _task;
    private readonly RealDesigns _real;
    private readonly float[][] _learned;
    private readonly float[][] _heldOut;
    private readonly float[][] _questions;
    private readonly bool[] _answers;
    private readonly double[] _realScores;

    public DesignMeasures(RealDesigns real, DesignTask task, JudgementOptions options)
    {
        (_options, _task, _real) = (options, task, real);
        _space = DesignSpace.Of(real.Learned);
        _learned = Places(real.Learned);
        _heldOut = Places(real.HeldOut);
        _questions = [.. real.HeldOut.Select(d => task.Rest(d, _space))];
        _answers = [.. real.HeldOut.Select(task.Label)];
        _realScores = Scores(real.Learned);
        TaskAuc = AreaUnderCurve.Of(_realScores, _answers);
        RealNearest = AreaUnderCurve.At(Neighbourhoods.NearestAmong(_learned), 0.05);
    }

    /// <summary>The task's area under the curve on held-out designs after learning from real ones.</summary>
    public double TaskAuc { get; }

    /// <summary>Percentile 5 of the distances of different real designs to their nearest other.</summary>
    public double RealNearest { get; }

    /// <summary>The figures, and the scores of the held-out designs by what was learned from the generated
    /// ones.</summary>
    public (DesignFigures Figures, double[] Scores) Measure(string name, DesignDraw draw)
    {
        var designs = draw.Designs;
        if (designs.Count == 0)
        {
            return (Nothing(name, draw), new double[_answers.Length]);
        }

        var random = new Random(_options.Seed);
        var places = Places(designs);
        var sample = Sample(designs, random); // As many as there are held out, so that sizes tell nothing.
        var like = Places(sample);
        var (density, coverage) = Neighbourhoods.DensityAndCoverage(
            [.. _heldOut.Zip(_real.HeldOut.Select(d => d.Subject))], like);
        var (square, p) = TwoSampleTests.Discrepancy(_heldOut, like, _options.Permutations, random);
        var scores = Scores(designs);
        var nearest = AreaUnderCurve.At(Neighbourhoods.Nearest(_learned, places), 0.05);
        return (new()
        {
            Name = name,
            Designs = designs.Count,
            Validity = draw.Validity,
            Refused = draw.Refused,
            Auc = TwoSampleTests.Classifier(
                [.. _heldOut.Zip(Twins(_real.HeldOut))], [.. like.Zip(Twins(sample))], _space.NumberCount,
                _options.Resamples, random),
            Gap = Compare(_realScores, scores),
            Density = density,
            Coverage = coverage,
            Discrepancy = square,
            DiscrepancyP = p,
            Unique = Variety.Unique(designs),
            KindEntropy = Variety.Entropy([.. designs.Select(d => d.Kind)]),
            CategoryEntropy = Variety.Entropy([.. designs.Select(d => d.Category)]),
            Nearest = nearest,
            Response = Variety.Response(designs, random),
            ListDiversity = Variety.OfLists(designs, places),
        }, scores);
    }

    /// <summary>How much better the first scores answer the task on the held-out designs than the others.</summary>
    public Interval Compare(double[] first, double[] second) =>
        AreaUnderCurve.Difference(first, second, _answers, _options.Resamples, new Random(_options.Seed));

    private float[][] Places(IReadOnlyList<JudgedDesign> designs) => [.. designs.Select(_space.Place)];

    // Rows of one subject belong together, but no more of them than of the most frequent real one: else a collapsed
    // generator were one row.
    private IEnumerable<(object Subject, int Part)> Twins(IReadOnlyList<JudgedDesign> designs)
    {
        var most = _real.HeldOut.CountBy(d => d.Subject).Max(s => s.Value);
        var seen = new Dictionary<object, int>();
        foreach (var design in designs)
        {
            var before = seen.GetValueOrDefault(design.Subject);
            seen[design.Subject] = before + 1;
            yield return (design.Subject, before / most);
        }
    }

    private JudgedDesign[] Sample(IReadOnlyList<JudgedDesign> designs, Random random)
    {
        JudgedDesign[] copy = [.. designs];
        random.Shuffle(copy);
        return copy[..Math.Min(copy.Length, _heldOut.Length)];
    }

    private double[] Scores(IReadOnlyList<JudgedDesign> designs)
    {
        var rule = LogisticRule.Fit(
            [.. designs.Select(d => _task.Rest(d, _space))], [.. designs.Select(_task.Label)]);
        return Array.ConvertAll(_questions, rule.Score);
    }

    private static DesignFigures Nothing(string name, DesignDraw draw) => new()
    {
        Name = name,
        Designs = 0,
        Validity = draw.Validity,
        Refused = draw.Refused,
        Auc = new(1, 1, 1),
        Gap = new(1, 1, 1),
        Density = 0,
        Coverage = 0,
        Discrepancy = double.NaN,
        DiscrepancyP = 0,
        Unique = 0,
        KindEntropy = 0,
        CategoryEntropy = 0,
        Nearest = double.NaN,
        Response = 0,
        ListDiversity = double.NaN,
    };
}
