using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Training.Models.Response;

/// <summary>The network's answers for contexts, by the program that serves it.</summary>
public static class ResponseLogits
{
    /// <summary>The logits of each candidate as its calibration leaves them, shape (candidates, heads).</summary>
    public static float[] Of(ResponseWeights weights, ResponseContext context)
    {
        var scores = Probabilities(new(weights), context);
        return [.. scores.SelectMany(s => (float[])[Logit(s.View), Logit(s.Claim), Logit(s.Redeem), Logit(s.Satisfaction)])];
    }

    /// <summary>The calibrated probabilities of each candidate.</summary>
    public static ResponseScores[] Probabilities(ResponseNetwork network, ResponseContext context)
    {
        var (shape, width) = (network.Shape, network.PartWidth);
        var state = network.Begin();
        for (var at = 0; shape.Encoder != ResponseEncoder.None && at < context.Events.Length; at += shape.EventWidth)
        {
            network.Step(state, context.Events.AsSpan(at, shape.EventWidth));
        }

        var count = context.Candidates.Count;
        var (user, coupons, pairs) = (new float[width], new float[count * width], new float[count * shape.PairWidth]);
        network.UserPart(state.History, context.User, user);
        for (var i = 0; i < count; i++)
        {
            network.CouponPart(context.Candidates[i].Coupon, coupons.AsSpan(i * width, width));
            context.Candidates[i].Pair.CopyTo(pairs, i * shape.PairWidth);
        }

        var scores = new ResponseScores[count];
        network.Score(user, coupons, [.. Enumerable.Range(0, count)], pairs, scores);
        return scores;
    }

    private static float Logit(float probability)
    {
        var p = Math.Clamp(probability, 1e-7f, 1 - 1e-7f);
        return MathF.Log(p / (1 - p));
    }
}
