using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Offers;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Grains.Tests;

/// <summary>A trainer for a handful of users: the dense behaviour matrix, and its right singular vectors by orthogonal
/// iteration on RᵀR. It can be held before it begins.</summary>
internal sealed class SmallTrainer(IEventLog log) : ITrainer
{
    private volatile TaskCompletionSource _go = Going();

    public ModelMetrics Metrics { get; set; } = new(0.5, 0.4, 0.3, 0.2, 10);

    public int Trained { get; private set; }

    /// <summary>What keeps it from training, for the probe.</summary>
    public string? InTheWay { get; set; }

    public string? Obstacle() => InTheWay;

    public void Hold() => _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Go() => _go.TrySetResult();

    public async Task<TrainedModel> Train(
        TrainingOptions options, ModelSnapshot? before, ITrainingWatch watch, CancellationToken cancel)
    {
        watch.Report(new("read", 0.1, "reading"));
        await _go.Task.WaitAsync(cancel);
        var events = new List<UserEvent>();
        await foreach (var recorded in log.ReadAll(0, cancel))
        {
            events.Add(recorded.Event);
        }

        events.RemoveAll(e => e.Item is null || options.Weights.Of(e.Kind) == 0);
        if (events.Select(e => e.User).Distinct().Count() < 2 || events.Select(e => e.Item).Distinct().Count() < 2)
        {
            throw new RefusedException(RefusalCodes.TooLittleData, "Training needs two users and two items.");
        }

        Trained++;
        watch.Mark(new(TrainingCharts.Svd, "residual", 1, 0.5));
        watch.Mark(new(TrainingCharts.Svd, "residual", 2, 0.25));
        watch.Report(new("factorise", 0.5, "factorising"));
        var made = new Dictionary<string, string> { ["seed"] = $"{options.Seed}", ["reason"] = options.Reason };
        return new(ModelArtifact.Write(Factorise(events, options)), Metrics, made) { Options = options };
    }

    public Task<IReadOnlyList<Offer>> Design(
        ModelSnapshot model, CampaignId campaign, Guardrails guardrails, int count, int seed, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Offer>>([.. Enumerable.Range(0, Math.Min(count, 2)).Select(n => new Offer
        {
            Id = new($"{campaign}-{model.Version}-{n}"),
            Campaign = campaign,
            Title = "Designed",
            Kind = OfferKind.PercentOff,
            PercentBasisPoints = 500 + (500 * n),
            Scope = new() { Categories = ["tea"] },
            Source = OfferSource.Generated,
            DesignedBy = model.Version,
        })]);

    private static ModelSnapshot Factorise(List<UserEvent> events, TrainingOptions options)
    {
        var items = events.Select(e => e.Item!.Value).Distinct().Order().ToArray();
        var users = events.Select(e => e.User).Distinct().Order().ToArray();
        var reference = events.Max(e => e.At);
        var r = new double[users.Length, items.Length];
        foreach (var e in events)
        {
            r[Array.IndexOf(users, e.User), Array.IndexOf(items, e.Item!.Value)] +=
                options.Weights.Of(e.Kind) * options.Weights.Decay(e.At, reference);
        }

        for (var u = 0; u < users.Length; u++)
        {
            for (var i = 0; i < items.Length; i++)
            {
                r[u, i] = BehaviourWeights.Entry(r[u, i]);
            }
        }

        var k = Math.Min(options.Rank, Math.Min(users.Length, items.Length));
        var v = RightVectors(r, k, new Random(options.Seed));
        return Samples.Model(items, k, v, options.Weights, reference);
    }

    /// <summary>V, shape (items, k): Gram-Schmidt after every product with RᵀR.</summary>
    private static float[] RightVectors(double[,] r, int k, Random random)
    {
        int users = r.GetLength(0), items = r.GetLength(1);
        var v = new double[k][];
        for (var j = 0; j < k; j++)
        {
            v[j] = [.. Enumerable.Range(0, items).Select(_ => random.NextDouble() - 0.5)];
        }

        for (var round = 0; round < 200; round++)
        {
            for (var j = 0; j < k; j++)
            {
                var next = new double[items];
                for (var u = 0; u < users; u++)
                {
                    var dot = Enumerable.Range(0, items).Sum(i => r[u, i] * v[j][i]);
                    for (var i = 0; i < items; i++)
                    {
                        next[i] += dot * r[u, i];
                    }
                }

                for (var before = 0; before < j; before++)
                {
                    var along = next.Zip(v[before], (a, b) => a * b).Sum();
                    next = [.. next.Zip(v[before], (a, b) => a - (along * b))];
                }

                var length = Math.Sqrt(next.Sum(x => x * x));
                v[j] = [.. next.Select(x => length > 1e-12 ? x / length : 0)];
            }
        }

        return [.. Enumerable.Range(0, items).SelectMany(i => v.Select(column => (float)column[i]))];
    }

    private static TaskCompletionSource Going()
    {
        var going = new TaskCompletionSource();
        going.SetResult();
        return going;
    }
}
