namespace CouponGrains.Training.Offers.Judgement;

/// <summary>How judged designs are written for the network: a one-hot for each choice, each number as a
/// <see cref="NumberColumn"/>.</summary>
internal sealed class DesignColumns
{
    private readonly string[][] _levels;
    private readonly NumberColumn[] _numbers;
    private readonly string[] _conditions;

    private DesignColumns(string[][] levels, NumberColumn[] numbers, string[] conditions)
    {
        (_levels, _numbers, _conditions) = (levels, numbers, conditions);
        Blocks =
        [
            .. levels.Where((_, i) => IsWritten(i)).Select(l => CodeBlock.Choice(l.Length)),
            .. numbers.SelectMany(n => n.Blocks),
        ];
    }

    /// <summary>What a code is made of.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; }

    public static DesignColumns Of(IReadOnlyList<JudgedDesign> real)
    {
        var levels = DesignSpace.ChoiceNames.Select((_, i) => real.Select(d => DesignSpace.Choices(d)[i])
            .Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var rows = real.Select(DesignSpace.Numbers).ToArray();
        return new(levels,
            [.. rows[0].Select((_, i) => NumberColumn.Of([.. rows.Select(r => r[i])]))], levels[2]);
    }

    /// <summary>One-hot among the conditions that were seen.</summary>
    public float[] Condition(string condition) =>
        Choices.Hot(_conditions.Length, Array.IndexOf(_conditions, condition));

    public float[] Write(JudgedDesign design)
    {
        var (code, choices, numbers) = (new List<float>(), DesignSpace.Choices(design), DesignSpace.Numbers(design));
        for (var i = 0; i < choices.Length; i++)
        {
            if (IsWritten(i))
            {
                code.AddRange(Choices.Hot(_levels[i].Length, Array.IndexOf(_levels[i], choices[i])));
            }
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            _numbers[i].Write(numbers[i], code);
        }

        return [.. code];
    }

    /// <summary>A design from the network's raw output; choices are draws.</summary>
    public JudgedDesign Read(ReadOnlySpan<float> o, string condition, Random random)
    {
        var (choices, numbers, at) = (new string[_levels.Length], new double[_numbers.Length], 0);
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = IsWritten(i) ? _levels[i][Choices.Draw(o, ref at, _levels[i].Length, random)]
                : IsDesigned(i) ? _levels[i][0] : condition;
        }

        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = _numbers[i].Read(o, ref at, random);
        }

        return DesignSpace.Design(numbers, choices);
    }

    // All choices but the condition.
    private static bool IsDesigned(int choice) => DesignSpace.ChoiceNames[choice] != "condition";

    // The kind always is, so that there is something to design.
    private bool IsWritten(int choice) => choice == 0 || (IsDesigned(choice) && _levels[choice].Length > 1);
}
