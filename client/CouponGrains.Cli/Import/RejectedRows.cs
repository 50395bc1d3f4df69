using CouponGrains.Domain;

namespace CouponGrains.Cli.Import;

/// <summary>The list of refused rows: <c>line,code,detail</c>. The file is made when there is the first row to
/// list.</summary>
internal sealed class RejectedRows(string path, bool append) : IDisposable
{
    private StreamWriter? _file;

    /// <summary>Where the list is, or null if nothing was refused.</summary>
    public string? Path => _file is null && !(append && File.Exists(path)) ? null : path;

    public void Add(long line, Refusal refusal)
    {
        if (_file is null)
        {
            _file = new(path, append);
            if (_file.BaseStream.Length == 0)
            {
                _file.WriteLine("line,code,detail");
            }
        }

        _file.WriteLine($"{line},{refusal.Code},\"{refusal.Detail.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();
}
