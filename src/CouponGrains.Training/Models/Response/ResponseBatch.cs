using CouponGrains.Domain.Models.Response;
using static TorchSharp.torch;

namespace CouponGrains.Training.Models.Response;

/// <summary>Some contexts as tensors.</summary>
/// <param name="Features">[p c z], standardised, shape (candidates, width).</param>
/// <param name="Events">x, shape (contexts, longest, E).</param>
/// <param name="Last">The place of each context's last event, 0 without any, shape (contexts).</param>
/// <param name="Any">1 for the contexts with events, shape (contexts).</param>
/// <param name="ContextOf">The context of each candidate, shape (candidates).</param>
/// <param name="Outcomes">1 and 0, and 0 where it is not known, shape (candidates, heads).</param>
/// <param name="Weights">What each outcome weighs, 0 where it is not known, shape (candidates, heads).</param>
/// <param name="Lists">Places of the candidates of each context that chose among several, padded with the number of
/// candidates, shape (lists, longest).</param>
/// <param name="Chosen">1 for those redeemed, shape (lists, longest).</param>
internal sealed record ResponseBatch(
    Tensor Features, Tensor Events, Tensor Last, Tensor Any, Tensor ContextOf, Tensor Outcomes, Tensor Weights, Tensor? Lists, Tensor? Chosen)
{
    /// <summary>Makes the tensors in the current scope.</summary>
    /// <param name="contexts">The contexts.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="scale">How features are standardised.</param>
    /// <param name="positiveWeights">What an outcome of 1 weighs beside one of 0, by head.</param>
    public static ResponseBatch Of(
        IReadOnlyList<ResponseContext> contexts, ResponseShape shape, FeatureScale scale, float[] positiveWeights)
    {
        var width = shape.UserWidth + shape.CouponWidth + shape.PairWidth;
        var count = contexts.Sum(c => c.Candidates.Count);
        var (features, of) = (new float[count * width], new long[count]);
        var (outcomes, weights) = (new float[count * ResponseShape.Heads], new float[count * ResponseShape.Heads]);
        var lists = new List<(int First, IReadOnlyList<ResponseCandidate> Candidates)>();
        var at = 0;
        for (var i = 0; i < contexts.Count; i++)
        {
            var candidates = contexts[i].Candidates;
            if (candidates.Count > 1 && contexts[i].HasRedeemed)
            {
                lists.Add((at, candidates));
            }

            foreach (var candidate in candidates)
            {
                scale.Standardise(contexts[i].User, candidate, features.AsSpan(at * width, width));
                for (var head = 0; head < ResponseShape.Heads; head++)
                {
                    var (place, outcome) = ((at * ResponseShape.Heads) + head, candidate.Outcomes[head]);
                    outcomes[place] = outcome == 1 ? 1 : 0;
                    weights[place] = float.IsNaN(outcome) ? 0 : candidate.Weight * (outcome == 1 ? positiveWeights[head] : 1);
                }

                of[at++] = i;
            }
        }

        var (places, chosen) = Pad(lists, count);
        var (events, last, any) = Histories(contexts, shape);
        return new(tensor(features).reshape(count, width), events, last, any, tensor(of), tensor(outcomes).reshape(count, -1),
            tensor(weights).reshape(count, -1), places, chosen);
    }

    private static (Tensor? Places, Tensor? Chosen) Pad(List<(int First, IReadOnlyList<ResponseCandidate> Candidates)> lists, int count)
    {
        if (lists.Count == 0)
        {
            return (null, null);
        }

        var longest = lists.Max(l => l.Candidates.Count);
        var (places, chosen) = (new long[lists.Count * longest], new float[lists.Count * longest]);
        Array.Fill(places, count);
        for (var i = 0; i < lists.Count; i++)
        {
            for (var j = 0; j < lists[i].Candidates.Count; j++)
            {
                places[(i * longest) + j] = lists[i].First + j;
                chosen[(i * longest) + j] = lists[i].Candidates[j].IsRedeemed ? 1 : 0;
            }
        }

        return (tensor(places).reshape(lists.Count, longest), tensor(chosen).reshape(lists.Count, longest));
    }

    private static (Tensor Events, Tensor Last, Tensor Any) Histories(IReadOnlyList<ResponseContext> contexts, ResponseShape shape)
    {
        var (last, any) = (new long[contexts.Count], new float[contexts.Count]);
        if (shape.Encoder == ResponseEncoder.None)
        {
            return (tensor(any), tensor(last), tensor(any));
        }

        var width = shape.EventWidth;
        var longest = Math.Max(1, contexts.Max(c => c.Events.Length / width));
        var events = new float[contexts.Count * longest * width];
        for (var i = 0; i < contexts.Count; i++)
        {
            contexts[i].Events.CopyTo(events, i * longest * width);
            last[i] = Math.Max(0, (contexts[i].Events.Length / width) - 1);
            any[i] = contexts[i].Events.Length > 0 ? 1 : 0;
        }

        return (tensor(events).reshape(contexts.Count, longest, width), tensor(last), tensor(any));
    }
}

/// <summary>Mean and deviation of each feature of [p c z] over the training candidates. A feature that varies by less
/// than 1 is only moved: to blow it up would let a rare indicator weigh as much as the rest.</summary>
internal sealed record FeatureScale(float[] Means, float[] Deviations)
{
    public static FeatureScale Of(IReadOnlyList<ResponseContext> contexts, int width)
    {
        var (sums, squares, count) = (new double[width], new double[width], 0);
        var row = new float[width];
        var none = new FeatureScale(new float[width], [.. Enumerable.Repeat(1f, width)]);
        foreach (var context in contexts)
        {
            foreach (var candidate in context.Candidates)
            {
                none.Standardise(context.User, candidate, row);
                for (var i = 0; i < width; i++)
                {
                    sums[i] += row[i];
                    squares[i] += (double)row[i] * row[i];
                }

                count++;
            }
        }

        var means = Array.ConvertAll(sums, s => s / Math.Max(1, count));
        return new(
            Array.ConvertAll(means, m => (float)m),
            [.. squares.Select((s, i) => (float)Math.Max(1, Math.Sqrt(Math.Max(0, (s / Math.Max(1, count)) - (means[i] * means[i])))))]);
    }

    public void Standardise(float[] user, ResponseCandidate candidate, Span<float> row)
    {
        user.CopyTo(row);
        candidate.Coupon.CopyTo(row[user.Length..]);
        candidate.Pair.CopyTo(row[(user.Length + candidate.Coupon.Length)..]);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (row[i] - Means[i]) / Deviations[i];
        }
    }
}
