using System.Diagnostics;
using System.Diagnostics.Metrics;
using CouponGrains.Domain.Models;

namespace CouponGrains.Grains.Models;

/// <summary>Follows a run through its stages: a span for the run, one inside it for each stage, and the time that each
/// took. Told by one thread at a time.</summary>
internal sealed class TrainingStages(
    Activity? run, ActivitySource source, Histogram<double> durations, TimeProvider time,
    ITrainingWatch watch) : ITrainingWatch, IDisposable
{
    private Activity? _span;
    private string? _stage;
    private long _begun;
    private bool _succeeded;

    public void Report(TrainingProgress value)
    {
        if (value.Stage != _stage)
        {
            End();
            (_stage, _begun) = (value.Stage, time.GetTimestamp());
            _span = source.StartActivity($"training {_stage}", ActivityKind.Internal, run?.Context ?? default);
        }

        watch.Report(value);
    }

    public void Mark(TrainingPoint point) => watch.Mark(point);

    /// <summary>The run has made what it should; without this its spans end as failed.</summary>
    public void Succeeded() => _succeeded = true;

    /// <summary>The run has ended, and with it its last stage.</summary>
    public void Dispose()
    {
        End();
        run?.SetStatus(_succeeded ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        run?.Dispose();
    }

    private void End()
    {
        if (_stage is not null)
        {
            durations.Record(time.GetElapsedTime(_begun).TotalSeconds, new KeyValuePair<string, object?>("stage", _stage));
        }

        _span?.Dispose();
        (_stage, _span) = (null, null);
    }
}
