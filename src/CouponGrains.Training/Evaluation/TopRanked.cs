namespace CouponGrains.Training.Evaluation;

/// <summary>The places of the largest scores.</summary>
internal static class TopRanked
{
    /// <summary>Fills <paramref name="top"/> with the places of the largest scores, best first, ties by place; answers
    /// how many there are. Scores of minus infinity are left out.</summary>
    public static int Find(ReadOnlySpan<float> scores, Span<int> top)
    {
        var held = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            if (float.IsNegativeInfinity(scores[item]) || (held == top.Length && scores[item] <= scores[top[^1]]))
            {
                continue;
            }

            var place = held < top.Length ? held++ : held - 1;
            for (; place > 0 && scores[top[place - 1]] < scores[item]; place--)
            {
                top[place] = top[place - 1];
            }

            top[place] = item;
        }

        return held;
    }
}
