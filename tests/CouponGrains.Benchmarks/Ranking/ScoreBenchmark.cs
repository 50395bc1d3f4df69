using CouponGrains.Domain.Models.Response;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>The response model: the scores of a user's candidates, and a step and a replay of the encoders; beside the
/// same networks in torch.</summary>
internal sealed class ScoreBenchmark(
    RandomShop shop, int offers, int candidates, int hidden, int first, int second) : IDisposable
{
    private const int Calls = 100;
    private const int Layers = 5;

    private readonly List<TorchNetwork> _torchs = [];

    /// <summary>What is measured, ours first.</summary>
    public List<Measured> Scores()
    {
        var weights = shop.Weights(ResponseEncoder.Gru, hidden, 1, first, second);
        var index = shop.Index(weights, offers);
        var (subject, network) = (shop.Subject(index), index.Model!.Response!.Network);
        var (places, scores) = (new int[candidates], new ResponseScores[candidates]);
        var random = new Random(1);
        for (var i = 0; i < candidates; i++)
        {
            places[i] = random.Next(offers);
        }

        var (user, coupons) = (new float[network.PartWidth], new float[offers * network.PartWidth]);
        var (p, z) = (new float[network.Shape.UserWidth], new float[candidates * network.Shape.PairWidth]);
        var torch = Torch(weights);
        return
        [
            new MeasuredCall("ours, with the features", Calls,
                _ => index.Response.Score(subject, places, RandomShop.Now, scores)),
            new MeasuredCall("ours, the network alone", Calls, _ =>
            {
                network.UserPart(subject.Sequence!.History, p, user);
                network.Score(user, coupons, places, z, scores);
            }),
            new MeasuredCall("torch, the network alone", Calls, _ => torch.Score()),
        ];
    }

    /// <summary>What is measured of an encoder, ours first: a step, and a replay.</summary>
    public (List<Measured> Step, List<Measured> Replay) Encoder(ResponseEncoder encoder)
    {
        var weights = shop.Weights(encoder, hidden, encoder == ResponseEncoder.Gru ? 1 : Layers, first, second);
        var model = shop.Index(weights, 1).Model!;
        var events = Enumerable.Range(0, UserProfile.RecentMax).Select(shop.Event).ToArray();
        var (state, torch) = (SequenceState.Replay(model, events)!, Torch(weights));
        List<Measured> step =
        [
            new MeasuredCall("ours, with the features", Calls, call => state.Advance(events[call % events.Length], model)),
        ];
        if (encoder == ResponseEncoder.Gru)
        {
            step.Add(new MeasuredCall("torch, the network alone", Calls, _ => torch.Step()));
        }

        return (step,
        [
            new MeasuredCall("ours, with the features", Calls, _ => SequenceState.Replay(model, events)),
            new MeasuredCall("torch, the network alone", Calls, _ => torch.Replay()),
        ]);
    }

    public void Dispose() => _torchs.ForEach(torch => torch.Dispose());

    private TorchNetwork Torch(ResponseWeights weights)
    {
        var torch = new TorchNetwork(weights, candidates, UserProfile.RecentMax, seed: 2);
        _torchs.Add(torch);
        return torch;
    }
}
