# EvenClass @VERSION@: sets up Python's environment from the folder wheels, then lets EvenClass install itself.
# Per user, no administrator rights, no internet. Saved with a byte order mark for Windows PowerShell 5.
$ErrorActionPreference = 'Continue'
$here = $PSScriptRoot
$venv = Join-Path $env:LOCALAPPDATA 'EvenClass\venv'
$python = Join-Path $venv 'Scripts\python.exe'
$wheels = Join-Path $here 'wheels'

function Stop-With([string] $chinese, [string] $english) {
    Write-Host $chinese -ForegroundColor Red
    Write-Host $english -ForegroundColor Red
    exit 1
}

function Find-Python {
    # Python @PYTHON@, 64 bit, from python.org: the one from the Microsoft Store hides its files from Excel.
    $places = @('HKCU:\Software\Python\PythonCore\@PYTHON@\InstallPath', 'HKLM:\Software\Python\PythonCore\@PYTHON@\InstallPath')
    foreach ($place in $places) {
        if (Test-Path -LiteralPath $place) {
            $folder = (Get-Item -LiteralPath $place).GetValue('')
            if ($folder -and ($folder -notlike '*WindowsApps*')) {
                $found = Join-Path $folder 'python.exe'
                if (Test-Path -LiteralPath $found) { return $found }
            }
        }
    }
    return $null
}

function Get-Version([string] $program) {
    # Which Python an environment has; nothing if it does not start, as after its Python was uninstalled.
    if (-not (Test-Path -LiteralPath $program)) { return $null }
    $said = & $program -I -c 'import sys; print(sys.version[:4])'
    if ($LASTEXITCODE -ne 0) { return $null }
    return $said
}

if (-not (Test-Path -LiteralPath $wheels)) {
    Stop-With '请先将压缩包全部解压缩，再运行 install.cmd。' 'Please unpack the whole zip first, then run install.cmd.'
}
$base = Find-Python
if (-not $base) {
    $setup = Get-ChildItem -LiteralPath $here -Filter 'python-@PYTHON@*-amd64.exe' | Select-Object -First 1
    if ($setup) {
        Write-Host '正在安装 Python（仅当前用户）…… Installing Python for this user ...'
        $words = '/quiet InstallAllUsers=0 PrependPath=0 Include_launcher=0 Include_test=0 Shortcuts=0'
        Start-Process -FilePath $setup.FullName -ArgumentList $words -Wait
        $base = Find-Python
    }
}
if (-not $base) {
    Stop-With '没有找到 Python @PYTHON@（64 位）。请先安装 python.org 的 Python @PYTHON@，再运行 install.cmd。' 'Python @PYTHON@ (64 bit) was not found. Install it from python.org, then run install.cmd again.'
}

Write-Host '正在建立运行环境…… Making the environment ...'
if ((Get-Version $python) -ne '@PYTHON@') { & $base -I -m venv --clear $venv }
if ((Get-Version $python) -ne '@PYTHON@') {
    Stop-With "无法建立运行环境：${venv}。请关闭所有 Excel 窗口，删掉这个文件夹，再运行 install.cmd。" "The environment could not be made: ${venv}. Close every Excel window, delete this folder, run install.cmd again."
}
$pip = @('-m', 'pip', 'install', '--isolated', '--disable-pip-version-check', '--quiet', '--no-index', '--find-links', $wheels)
$names = @('evenclass==@VERSION@', 'pywin32')
if (Get-ChildItem -LiteralPath $wheels -Filter 'msvc_runtime-*.whl') { $names += 'msvc-runtime' }
& $python -I @pip --upgrade @names
if ($LASTEXITCODE -eq 0) { & $python -I @pip --force-reinstall --no-deps 'evenclass==@VERSION@' }
if ($LASTEXITCODE -ne 0) {
    Stop-With "安装没有完成。请关闭所有 Excel 窗口后再运行 install.cmd；留下的文件夹可以删掉：$venv" "Not installed. Close every Excel window and run install.cmd again; this folder is left and may be deleted: $venv"
}

& $python -I -m addin addin install --addin (Join-Path $here 'EvenClass.xlam')
exit $LASTEXITCODE
