using CouponGrains.Domain.Models;

namespace CouponGrains.Training.Models.Response;

/// <summary>Tells who watches a run how its response models learn.</summary>
internal sealed class ResponseWatch(ITrainingWatch watch, double share, int issues)
{
    /// <summary>What is drawn at present.</summary>
    public string Chart { get; set; } = TrainingCharts.ResponseTried;

    /// <summary>Follows one model.</summary>
    public IProgress<ResponseProgress> Of(ResponseOptions model) =>
        new Follower(this, model.First > 0 ? "network" : "logistic");

    private void Tell(string model, ResponseProgress now)
    {
        if (now.TrainingLoss is { } training)
        {
            watch.Mark(new(Chart, $"{model} training", now.Epoch, training));
            watch.Mark(new(Chart, $"{model} validation", now.Epoch, now.Loss));
        }
        else
        {
            watch.Mark(new(Chart, $"{model} whole", now.Epoch, now.Loss));
        }

        watch.Report(new("respond", share,
            $"Response model, {model}, epoch {now.Epoch} of at most {now.Epochs} over {issues:N0} issues: "
            + $"loss {now.Loss:F4}."));
    }

    private sealed class Follower(ResponseWatch told, string model) : IProgress<ResponseProgress>
    {
        public void Report(ResponseProgress value) => told.Tell(model, value);
    }
}
