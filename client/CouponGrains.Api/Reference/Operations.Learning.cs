using CouponGrains.Api.Models;
using CouponGrains.Contracts.Models;
using CouponGrains.Domain.Models;

namespace CouponGrains.Api.Reference;

/// <summary>Models and their training.</summary>
internal static partial class Operations
{
    private static IEnumerable<Operation> Learning() =>
    [
        new("GET", "/v1/models", "The models, newest first, page by page, and which one is in force.")
        {
            Answer = typeof(ModelPage), Tagged = true, Query = Paged, ExamplePath = "/v1/models",
        },
        new("GET", "/v1/models/history", "How each model came into force, newest first, page by page.")
        {
            Answer = typeof(Page<ModelPromotion>), Query = Paged, ExamplePath = "/v1/models/history",
        },
        new("GET", "/v1/models/{version}", "A model and what it was measured at.")
        {
            Answer = typeof(ModelManifest), Tagged = true, Codes = ["unknown_model"],
        },
        new("POST", "/v1/models/roll-back", "Puts the model into force again that was so before.")
        {
            Body = typeof(PromoteRequest), Answer = typeof(ModelManifest), Codes = ["unknown_model"],
        },
        new("POST", "/v1/models/{version}/promote", "Puts a model into force, forward or back.")
        {
            Body = typeof(PromoteRequest), Answer = typeof(ModelManifest), Codes = ["unknown_model"],
        },
        new("GET", "/v1/models/drift", "How far the shop has moved from what the model was trained on.")
        {
            Answer = typeof(DriftReport), ExamplePath = "/v1/models/drift",
        },
        new("POST", "/v1/models/drift", "The same, after taking in what is new.") { Answer = typeof(DriftReport) },
        new("GET", "/v1/training-runs", "The last 100 runs, newest first, page by page.")
        {
            Answer = typeof(Page<TrainingRun>), Query = Paged, ExamplePath = "/v1/training-runs",
        },
        new("POST", "/v1/training-runs", "Starts a training run.")
        {
            Body = typeof(TrainingOptions), BodyRequired = false, Answer = typeof(TrainingRun), Status = 202,
            Codes = ["training_in_progress", "no_train_silo", "no_device"],
        },
        new("GET", "/v1/training-runs/{run}", "How a run is doing.")
        {
            Answer = typeof(TrainingRun), Codes = ["unknown_run"],
        },
        new("DELETE", "/v1/training-runs/{run}", "Cancels a run.")
        {
            Answer = typeof(TrainingRun), Status = 202, Codes = ["unknown_run"],
        },
    ];
}
