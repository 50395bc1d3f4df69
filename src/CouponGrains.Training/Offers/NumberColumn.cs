using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Offers;

/// <summary>How a column of numbers is written for the network: one-hot among its values where these are few, so that
/// steps stay steps; else the mode and the place in it. A column of one value is not written.</summary>
/// <param name="Steps">The values, ascending; empty where there are modes.</param>
/// <param name="Modes">The modes; null where there are steps.</param>
internal sealed record NumberColumn(double[] Steps, ValueModes? Modes)
{
    private const int StepsMax = 24;

    /// <summary>What it is made of.</summary>
    public IEnumerable<CodeBlock> Blocks => Modes is not null
        ? [CodeBlock.Choice(Modes.Count), CodeBlock.Signed(1)]
        : Steps.Length > 1 ? [CodeBlock.Choice(Steps.Length)] : [];

    /// <summary>For a column of values, at least one.</summary>
    public static NumberColumn Of(IReadOnlyList<double> values)
    {
        double[] steps = [.. values.Distinct().Order()];
        return steps.Length <= StepsMax ? new(steps, null) : new([], ValueModes.Fit(values));
    }

    /// <summary>A column that travelled as a tensor: one row of steps, or the three of modes.</summary>
    public static NumberColumn Of(ModelTensor tensor)
    {
        double[][] rows = [.. tensor.Values.Chunk(tensor.Shape[1]).Select(r => Array.ConvertAll(r, v => (double)v))];
        return rows.Length == 1 ? new(rows[0], null) : new([], new(rows[0], rows[1], rows[2]));
    }

    /// <summary>The column as a tensor.</summary>
    public ModelTensor ToTensor()
    {
        double[][] rows = Modes is null ? [Steps] : [Modes.Mean, Modes.Scale, Modes.Share];
        return new([rows.Length, rows[0].Length], [.. rows.SelectMany(r => r).Select(v => (float)v)]);
    }

    /// <summary>Writes a value behind a code; among steps the nearest.</summary>
    public void Write(double value, List<float> code)
    {
        if (Modes is not null)
        {
            var (mode, place) = Modes.Write(value);
            code.AddRange([.. Choices.Hot(Modes.Count, mode), place]);
        }
        else if (Steps.Length > 1)
        {
            var step = Array.IndexOf(Steps, Steps.MinBy(s => Math.Abs(s - value)));
            code.AddRange(Choices.Hot(Steps.Length, step));
        }
    }

    /// <summary>A value from the network's raw output, from <paramref name="at"/> on.</summary>
    public double Read(ReadOnlySpan<float> o, ref int at, Random random)
    {
        if (Modes is not null)
        {
            var mode = Choices.Draw(o, ref at, Modes.Count, random);
            return Modes.Read(mode, Math.Tanh(o[at++]));
        }

        return Steps[Steps.Length == 1 ? 0 : Choices.Draw(o, ref at, Steps.Length, random)];
    }
}

/// <summary>Choices among several.</summary>
internal static class Choices
{
    /// <summary>One-hot; zeros for a negative place.</summary>
    public static float[] Hot(int width, int place)
    {
        var hot = new float[width];
        if (place >= 0)
        {
            hot[place] = 1;
        }

        return hot;
    }

    /// <summary>Draws from the softmax of scores: the highest with Gumbel noise.</summary>
    public static int Draw(ReadOnlySpan<float> scores, ref int at, int width, Random random)
    {
        var (best, top) = (0, double.NegativeInfinity);
        for (var i = 0; i < width; i++)
        {
            var score = scores[at + i] - Math.Log(-Math.Log(Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6)));
            (best, top) = score > top ? (i, score) : (best, top);
        }

        at += width;
        return best;
    }
}
