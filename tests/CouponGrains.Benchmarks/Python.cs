using System.Diagnostics;

namespace CouponGrains.Benchmarks;

/// <summary>Programs in Python, each run in a process of its own.</summary>
internal static class Python
{
    /// <summary>The first Python that runs a program which tells versions, and what it told; null if there is
    /// none.</summary>
    public static (string Python, string Versions)? Find(string versions)
    {
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            if (Start(python, "-c", versions) is { Code: 0 } found)
            {
                return (python, found.Output.Trim());
            }
        }

        return null;
    }

    /// <summary>Runs it and answers its status and what it printed; −1 if there is no such program.</summary>
    public static (int Code, string Output) Start(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // A kernel that somebody forced on OpenBLAS would slow it: it is measured with the one that it chooses.
            start.Environment.Remove("OPENBLAS_CORETYPE");
            start.Environment.Remove("OPENBLAS_L2_SIZE");
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
